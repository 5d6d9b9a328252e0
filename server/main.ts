/** The process: the environment in, signals in, the exit code out. */
import { setTimeout as pause } from 'node:timers/promises';

import { type Config, ConfigError, readConfig, type Shutdown } from './config/config.js';
import { createLog, type Logger } from './log.js';
import { serve, type Serving } from './serve.js';

/**
 * Runs the server in this process until a signal ends it. Resolves once it listens, or can't. The
 * exit code is 0 after an orderly end; 1 where it could not start, did not end in time, or got a
 * second signal.
 */
export async function runServer(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = configure(environment);
  if (!config) {
    process.exitCode = 1;
    return;
  }
  const log = createLog(config.logLevel);
  const starting = serve(config, log);
  // Signals are handled before the log says that it listens: somebody may act on that line at once.
  endBySignal(starting, config.shutdown, log);
  try {
    await starting;
  } catch (fault) {
    fail(log, fault);
    // On standard error too: the log may be silent, or out of sight.
    process.stderr.write(`The server can't start: ${fault instanceof Error ? fault.message : String(fault)}\n`);
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

/** The first signal ends the server in order; the second one ends it at once. */
function endBySignal(starting: Promise<Serving>, shutdown: Shutdown, log: Logger): void {
  let ending = false;
  const onSignal = (signal: string) => {
    if (ending) process.exit(1);
    ending = true;
    log.info({ signal }, 'closing');
    end(starting, shutdown, log).catch((fault: unknown) => fail(log, fault));
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, onSignal);
}

async function end(starting: Promise<Serving>, { delay, timeout }: Shutdown, log: Logger): Promise<void> {
  let waitingFor = () => 'the server to start';
  const givingUp = setTimeout(() => {
    log.fatal({ waitingFor: waitingFor() }, 'not everything has ended in time');
    process.exit(1);
  }, timeout);
  try {
    // A failed start is reported by its caller.
    const server = await starting.catch(() => undefined);
    if (!server) return;
    waitingFor = () => server.waitingFor ?? 'something that keeps the process alive';
    server.drain();
    await pause(delay);
    await server.close();
  } finally {
    // Nothing should keep the process alive now. If something does, this still reports it.
    givingUp.unref();
  }
}

function fail(log: Logger, fault: unknown): void {
  log.fatal({ err: fault }, 'the server failed');
  process.exitCode = 1;
}
