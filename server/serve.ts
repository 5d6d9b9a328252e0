import { fileURLToPath } from 'node:url';

import { createApp } from './app.js';
import type { Config } from './config.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics/metrics.js';
import { openStorage } from './open-storage.js';
import { BUNDLE_DIR, packageVersion } from './package-version.js';

/** A server that runs. */
export interface Serving {
  /** Where it listens, as an origin. */
  readonly url: string;
  /** What `close` waits for, in words; undefined before and after it. */
  readonly waitingFor: string | undefined;
  /** Tells whoever spreads the load to send nobody here any more; who comes is still served. */
  drain(): void;
  /** Ends when everything that was begun is kept and answered. Harmless when called again. */
  close(): Promise<void>;
}

/**
 * Puts together what the configuration asks for, and starts it.
 *
 * @throws StorageError where the database can't be used; what the system says where it can't listen there
 */
export async function serve(config: Config, log: Logger): Promise<Serving> {
  const storage = await openStorage(config, log);
  try {
    const { commands, guestsOfAddress, residentRooms, snapshotBytes } = config.limits;
    const app = await createApp({
      ...config,
      storage,
      log,
      version: await packageVersion(),
      bundleDir: fileURLToPath(BUNDLE_DIR),
      metrics: new Metrics({ ofProcess: true }),
      rates: { commands, guestsOfAddress },
      residentRooms,
      snapshotBytes,
    });
    let storageCloses = false;
    return {
      url: app.url,
      get waitingFor() {
        return storageCloses ? 'the database' : app.waitingFor;
      },
      drain: () => app.drain(),
      async close() {
        await app.close();
        storageCloses = true;
        await storage.close();
        storageCloses = false;
      },
    };
  } catch (fault) {
    await storage.close();
    throw fault;
  }
}
