import { randomBytes } from 'node:crypto';

import { type Clock, systemClock } from '../../clock.js';
import { StorageError } from '../../domain/storage.js';
import { newVault, sealingOf, type Vault } from '../sealing.js';
import { FileBackups } from '../file-backups.js';
import { Connections, PATIENCE, type Patience } from './connections.js';
import { migratePostgres } from './migrate.js';
import { PostgresStorage } from './postgres-storage.js';
import { statement } from './statement.js';

export interface PostgresOptions {
  /** The address of the database: `postgres://user:password@host/database`. */
  readonly url: string;
  /** The operator's secret, with which the secrets of sites are sealed; see Sealing. */
  readonly secretKey: string;
  /**
   * Connections at most for what people ask, half of them for turns; default 10. There are two more
   * for what the server itself and the operator ask; exclusive work, backups and migrations have
   * one of their own each.
   */
  readonly poolSize?: number;
  /** For tests: how long it waits for what. */
  readonly patience?: Partial<Patience>;
  /** For tests of time; default the system's. */
  readonly clock?: Clock;
}

const POOL_SIZE = 10;
const OWN_SIZE = 2;
const SEED_BYTES = 32;

const makeVault = statement<[salt: Uint8Array, probe: Uint8Array]>(
  'INSERT INTO vault (id, salt, probe) VALUES (1, $1, $2) ON CONFLICT DO NOTHING',
);
const makeSeed = statement<[seed: Uint8Array]>(
  'INSERT INTO epoch_seed (id, seed) VALUES (1, $1) ON CONFLICT DO NOTHING',
);
const readVault = statement<[], Vault>('SELECT salt, probe FROM vault');
const readSeed = statement<[], { readonly seed: Uint8Array }>('SELECT seed FROM epoch_seed');

/**
 * Opens the storage that any number of servers share on PostgreSQL, and brings it to the present
 * form.
 *
 * @throws StorageError where the database can't be used, a newer program made it, or the secret key
 *   is not its own.
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresStorage> {
  const { url, secretKey, poolSize = POOL_SIZE, clock = systemClock } = options;
  await migratePostgres(url);
  const patience = { ...PATIENCE, ...options.patience };
  // However many people ask for what is kept, turns find connections.
  const forTurns = Math.max(1, Math.floor(poolSize / 2));
  const turns = new Connections({ url, size: forTurns, patience });
  const connections = new Connections({ url, size: Math.max(1, poolSize - forTurns), patience });
  const own = new Connections({ url, size: OWN_SIZE, patience });
  try {
    const { vault, seed } = await chanceOf(own, secretKey);
    const sealing = sealingOf(vault, secretKey);
    const backups = new FileBackups(url);
    return new PostgresStorage({ url, connections, turns, own, backups, sealing, seed, patience, clock });
  } catch (fault) {
    await Promise.all([connections, turns, own].map(each => each.close()));
    throw fault;
  }
}

/** The random values of this database, which the first server that opens it draws. */
async function chanceOf(
  connections: Connections,
  secretKey: string,
): Promise<{ readonly vault: Vault; readonly seed: Uint8Array }> {
  const read = async () => {
    const [[vault], [row]] = await Promise.all([connections.run(readVault), connections.run(readSeed)]);
    return vault && row ? { vault, seed: row.seed } : undefined;
  };
  const before = await read();
  if (before) return before;
  const { salt, probe } = newVault(secretKey);
  await connections.change(makeVault, salt, probe);
  await connections.change(makeSeed, randomBytes(SEED_BYTES));
  const made = await read();
  if (!made) throw new StorageError('The database does not keep what is written to it.');
  return made;
}
