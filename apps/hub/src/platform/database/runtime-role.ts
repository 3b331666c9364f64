import pg from 'pg';

/**
 * Lets `role` work with the tables of a schema that another role owns: everything on ordinary tables, only reading and
 * adding on the ledger. Run after every migration, since new tables start without grants.
 */
export async function grantRuntimeRole(ownerUrl: string, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('begin');
    // The queue keeps its tables in a schema of its own, which it makes and migrates itself.
    await owner.query(
      `do $$ begin execute format('grant create on database %I to ${name}', current_database()); end $$`,
    );
    await owner.query(`grant usage on schema public to ${name}`);
    await owner.query(`grant select, insert, update, delete on all tables in schema public to ${name}`);
    await owner.query(`grant usage, select on all sequences in schema public to ${name}`);
    await owner.query(`revoke update, delete on ledger, ledger_seals from ${name}`);
    await owner.query(`revoke insert, update, delete on schema_migrations from ${name}`);
    await owner.query('commit');
  } finally {
    await owner.end();
  }
}
