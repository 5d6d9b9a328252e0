/**
 * Where the servers of a test keep everything, and how many of them serve it. The run decides: a
 * SQLite file and one node, or a PostgreSQL database, a Redis and three nodes
 * (`node test/run.js … --nodes`). The same tests hold on both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AppOptions } from '../../server/app.js';
import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import type { Scope } from './scope.js';
import { SECRET_KEY } from './secret-key.js';

export interface Place {
  /** How many nodes serve it. */
  readonly nodes: number;
  /**
   * By what server processes find it: DATABASE_URL, and where there are several REDIS_URL and
   * REDIS_PREFIX.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Opens what one node stands on. */
  open(): Promise<Footing>;
  /** Gone, with everything in it. Every footing must be closed. Harmless when called again. */
  remove(): Promise<void>;
}

/** What one node stands on. */
export interface Footing extends Pick<AppOptions, 'storage' | 'cluster'> {
  close(): Promise<void>;
}

/** Whether this run is on many nodes. */
export const ON_NODES = process.env['CHALK_TALK_TEST_ON'] === 'nodes';

/** An empty place of the run's kind. */
export async function newPlace(): Promise<Place> {
  if (!ON_NODES) return sqlitePlace();
  const { sharedPlace } = await import('./shared-place.js');
  return sharedPlace();
}

/**
 * A storage of the run's kind for a test that starts no server, in memory where there may be one;
 * gone when the scope ends.
 */
export async function newStorage(scope: Scope): Promise<AppOptions['storage']> {
  if (!ON_NODES) {
    const storage = await openSqlite({ file: ':memory:', secretKey: SECRET_KEY });
    scope.after(() => storage.close());
    return storage;
  }
  const place = await newPlace();
  const { storage, ...footing } = await place.open();
  scope.after(async () => {
    await footing.close();
    await place.remove();
  });
  return storage;
}

async function sqlitePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-'));
  const file = join(folder, 'chalk-talk.db');
  return {
    nodes: 1,
    environment: { DATABASE_URL: `sqlite:${file}` },
    async open() {
      const storage = await openSqlite({ file, secretKey: SECRET_KEY });
      return { storage, close: () => storage.close() };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
