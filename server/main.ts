/** The process: the environment in, signals in, the exit code out. */
import { setTimeout as pause } from 'node:timers/promises';

import { type Config, ConfigError, readConfig, type Shutdown } from './config.js';
import { createLog, type Logger } from './log.js';
import { serve, type Serving } from './serve.js';

/**
 * Runs the server in this process until a signal ends it; resolves once it listens, or can't. The exit code is 0 where everything ended in
 * order, and 1 where it could not start, did not end in time, or was told twice to end.
 */
export async function runServer(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = configure(environment);
  if (!config) {
    process.exitCode = 1;
    return;
  }
  const log = createLog(config.logLevel);
  try {
    endBySignal(await serve(config, log), config.shutdown, log);
  } catch (fault) {
    fail(log, fault);
  }
}

function configure(environment: Readonly<Record<string, string | undefined>>): Config | undefined {
  try {
    return readConfig(environment);
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    return undefined;
  }
}

/** The first signal lets everything end in order, the second one ends it at once. */
function endBySignal(server: Serving, shutdown: Shutdown, log: Logger): void {
  let ending = false;
  const onSignal = (signal: string) => {
    if (ending) process.exit(1);
    ending = true;
    log.info({ signal }, 'closing');
    end(server, shutdown, log).catch((fault: unknown) => fail(log, fault));
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, onSignal);
}

async function end(server: Serving, { delay, timeout }: Shutdown, log: Logger): Promise<void> {
  server.drain();
  const givingUp = setTimeout(() => {
    const waitingFor = server.waitingFor ?? 'something that keeps the process alive';
    log.fatal({ waitingFor }, 'not everything has ended in time');
    process.exit(1);
  }, timeout);
  await pause(delay);
  await server.close();
  // Nothing should be left that keeps the process; should there be, this is still heard of.
  givingUp.unref();
}

function fail(log: Logger, fault: unknown): void {
  log.fatal({ err: fault }, 'the server failed');
  process.exitCode = 1;
}
