/**
 * What a storage engine has to offer. An engine is a folder beside this file, held by the contract
 * suite of the tests, and an entry of DRIVERS (drivers.ts). Nothing else names an engine.
 */
import type { Backups, SharedStorage, Storage } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { RowSink, RowSource } from './database-copy.js';
import type { Writable } from './storage-health.js';

/**
 * How long an accepted command is remembered, in milliseconds: longer than any outbox keeps one.
 */
export const ACCEPTED_LASTS = 30 * 24 * 60 * 60_000;

/** Whether several servers may use a storage at once, and what they then need of it. */
export type Sharing<Names extends keyof SharedStorage = keyof SharedStorage> =
  { readonly isShared: false } | ({ readonly isShared: true } & Pick<SharedStorage, Names>);

/** A storage as a server opens it. What it can do beyond the port depends on the engine. */
export type OpenedStorage = Storage & Writable & Partial<Backups> & Sharing;

export interface OpenOptions {
  /** The operator's secret, with which the secrets of sites are sealed; see Sealing. */
  readonly secretKey: string;
  readonly log: Logger;
}

/** Versions of a database's schema, counted from 0, which is an empty database. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
}

/** One database of one engine. */
export interface StorageDriver {
  /** The name of its entry in DRIVERS. */
  readonly engine: string;
  /** What to call the database where anybody may read it: without a password. */
  readonly name: string;
  /** Whether several servers may use it at once. */
  readonly isShared: boolean;
  /** The folder that holds it; undefined where it is on a database server. */
  readonly folder: string | undefined;

  /** Opens it for a server. @throws StorageError where it can't be used */
  open(options: OpenOptions): Promise<OpenedStorage>;

  /**
   * Migrates it to the present schema; creates it where it does not exist.
   *
   * @throws StorageError where it can't be used
   */
  migrate(secretKey: string): Promise<Migrated>;

  /**
   * Reads everything in it while no server runs on it, and nobody changes it meanwhile.
   *
   * @throws StorageError where a server runs on it, it is empty, damaged, of another schema version
   *   or of another secret key; and whatever `read` throws
   */
  read<Value>(secretKey: string, read: (source: RowSource) => Promise<Value>): Promise<Value>;

  /**
   * Reads a consistent snapshot of it while servers run on it. Only for engines whose backups are
   * made by FileBackups; the others copy themselves.
   *
   * @throws StorageError, and whatever `read` throws
   */
  readLive?<Value>(read: (source: RowSource) => Promise<Value>): Promise<Value>;

  /**
   * Fills it while it is empty. What `fill` adds appears all at once when `fill` has ended.
   *
   * @throws StorageError where it is not empty, or a server runs on it; and whatever `fill` throws.
   *   Nothing is added then
   */
  fill<Value>(fill: (sink: RowSink) => Promise<Value>): Promise<Value>;

  /**
   * Makes it from the file of a backup, with new epochs. Only for engines that can do this better
   * than by filling.
   *
   * @throws StorageError as `restore` (transfer/restore.ts) does
   */
  restore?(backup: string, secretKey: string): Promise<void>;
}

/** What the environment says of a database beside its address. */
export interface DriverSettings {
  /** Connections at most; there is a default. */
  readonly poolSize?: number;
}

/** How the databases of an engine are named. */
export interface DriverEntry {
  /** What an address looks like, with an example, to end a sentence that begins with "must be". */
  readonly addressForm: string;
  /**
   * The database at an address.
   *
   * @returns undefined where it is no address of this engine
   * @throws DatabaseUrlError where it is one, with a mistake
   */
  at(url: string, settings: DriverSettings): StorageDriver | undefined;
}

/**
 * A wrong address. The message ends a sentence that begins with the name of the setting. It never
 * repeats the address, which may hold a password.
 */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}
