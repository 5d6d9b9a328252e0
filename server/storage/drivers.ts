import { POSTGRES } from './postgres/postgres-driver.js';
import { SQLITE } from './sqlite/sqlite-driver.js';
import { DatabaseUrlError, type DriverEntry, type DriverSettings, type StorageDriver } from './storage-driver.js';

/** Every storage engine, by name. A new one is a folder beside this file, and an entry here. */
const DRIVERS = { sqlite: SQLITE, postgres: POSTGRES } satisfies Readonly<Record<string, DriverEntry>>;

/**
 * The database at an address, as DATABASE_URL and the command `copy` have it.
 *
 * @throws DatabaseUrlError
 */
export function databaseAt(url: string, settings: DriverSettings = {}): StorageDriver {
  for (const entry of Object.values(DRIVERS)) {
    const driver = entry.at(url, settings);
    if (driver) return driver;
  }
  const forms = Object.values(DRIVERS).map(({ addressForm }) => addressForm);
  throw new DatabaseUrlError(`must be ${forms.join(', or ')}.`);
}
