/** The process: the environment in, signals in, the exit code out. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createApp } from './app.js';
import { type Config, ConfigError, readConfig } from './config.js';
import { createLog, type Logger } from './log.js';
import { BUNDLE_DIR, packageVersion } from './package-version.js';
import { openSqlite } from './storage/sqlite/open-sqlite.js';

async function serve({ host, port, database, secretKey }: Config, log: Logger): Promise<() => Promise<void>> {
  await mkdir(dirname(database), { recursive: true });
  const storage = await openSqlite({ file: database, secretKey });
  try {
    const version = await packageVersion();
    const app = await createApp({ storage, secretKey, host, port, bundleDir: fileURLToPath(BUNDLE_DIR), version, log });
    return async () => {
      await app.close();
      await storage.close();
    };
  } catch (fault) {
    await storage.close();
    throw fault;
  }
}

function configure(): Config | undefined {
  try {
    return readConfig(process.env);
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    return undefined;
  }
}

const config = configure();
if (config) {
  const log = createLog(config.logLevel);
  const fail = (fault: unknown) => {
    log.fatal({ err: fault }, 'the server failed');
    process.exitCode = 1;
  };
  try {
    const close = await serve(config, log);
    // The first signal lets everything end in order, the second one ends it at once.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        log.info({ signal }, 'closing');
        close().catch(fail);
      });
    }
  } catch (fault) {
    fail(fault);
  }
} else {
  process.exitCode = 1;
}
