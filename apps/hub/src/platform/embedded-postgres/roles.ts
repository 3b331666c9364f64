import pg from 'pg';
import type { Passwords } from './passwords.ts';

export const ownerRole = 'fairlead_owner';
export const hubRole = 'fairlead_hub';

/** Makes role and database on the first start; later starts only make sure that the passwords in the file are the valid ones. */
export async function prepareDatabase(superuserUrl: string, passwords: Passwords): Promise<void> {
  const superuser = new pg.Client({ connectionString: superuserUrl });
  await superuser.connect();
  try {
    await prepare(superuser, passwords);
  } finally {
    await superuser.end();
  }
}

async function prepare(superuser: pg.Client, passwords: Passwords): Promise<void> {
  for (const [role, password] of [
    [ownerRole, passwords.owner],
    [hubRole, passwords.hub],
  ] as const) {
    const { rowCount } = await superuser.query(`select 1 from pg_roles where rolname = $1`, [role]);
    const verb = rowCount === 0 ? 'create' : 'alter';
    await superuser.query(`${verb} role ${role} login password ${pg.escapeLiteral(password)}`);
  }
  const { rowCount } = await superuser.query(`select 1 from pg_database where datname = 'fairlead'`);
  if (rowCount === 0) await superuser.query(`create database fairlead owner ${ownerRole}`);
}
