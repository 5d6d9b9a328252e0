import type { RowSink, RowSource } from '../database-copy.js';
import {
  DatabaseUrlError,
  type DriverEntry,
  type DriverSettings,
  type Migrated,
  type OpenedStorage,
  type OpenOptions,
  type StorageDriver,
} from '../storage-driver.js';
import { fillPostgres, readLivePostgres, readPostgres } from './copy.js';
import { migratePostgres } from './migrate.js';
import { openPostgres } from './open-postgres.js';

/** A database of a PostgreSQL server, which any number of our servers may share. */
export class PostgresDriver implements StorageDriver {
  readonly engine = 'postgres';
  readonly isShared = true;
  readonly folder = undefined;
  /** As it was given, with its settings of TLS and the like. It may hold a password. */
  readonly url: string;
  readonly poolSize: number | undefined;

  constructor(url: string, { poolSize }: DriverSettings = {}) {
    this.url = url;
    this.poolSize = poolSize;
  }

  get name(): string {
    const { host, pathname, searchParams } = new URL(this.url);
    const server = decodedOr(host) || searchParams.get('host') || 'this machine';
    return `the database ${decodedOr(pathname.slice(1))} at ${server}`;
  }

  open({ secretKey }: OpenOptions): Promise<OpenedStorage> {
    const { url, poolSize } = this;
    return openPostgres({ url, secretKey, ...(poolSize !== undefined && { poolSize }) });
  }

  migrate(): Promise<Migrated> {
    return migratePostgres(this.url);
  }

  read<Value>(secretKey: string, read: (source: RowSource) => Promise<Value>): Promise<Value> {
    return readPostgres(this, secretKey, read);
  }

  readLive<Value>(read: (source: RowSource) => Promise<Value>): Promise<Value> {
    return readLivePostgres(this, read);
  }

  fill<Value>(fill: (sink: RowSink) => Promise<Value>): Promise<Value> {
    return fillPostgres(this, fill);
  }
}

export const POSTGRES: DriverEntry = {
  addressForm: 'the address of a database of PostgreSQL (`postgres://chalk@db.example.com/chalk`)',
  at(url, settings) {
    if (!/^postgres(ql)?:/i.test(url)) return undefined;
    checkAddress(url);
    return new PostgresDriver(url, settings);
  },
};

/** @throws DatabaseUrlError */
function checkAddress(url: string): void {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  // A `#` or a stray `%` in a password would silently end it there.
  if (!address || address.hash !== '' || [address.username, address.password].some(part => !isEncoded(part))) {
    throw new DatabaseUrlError(
      'is no address of PostgreSQL: `postgres://USER:PASSWORD@HOST/DATABASE`. Characters of a password other than letters, digits, `-`, ' +
        '`.`, `_` and `~` are written as `%` and two hexadecimal digits.',
    );
  }
  if (address.hostname.includes(',')) {
    throw new DatabaseUrlError('names several hosts: name one, that of whatever leads to the present primary.');
  }
  if (!/^\/[^/]+$/.test(address.pathname) || !isEncoded(address.pathname)) {
    throw new DatabaseUrlError('names no database: `postgres://USER:PASSWORD@HOST/DATABASE`.');
  }
}

function isEncoded(part: string): boolean {
  return decoded(part) !== undefined;
}

function decodedOr(part: string): string {
  return decoded(part) ?? part;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
