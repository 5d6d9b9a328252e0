import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Keys that may hold a secret or somebody's words. They are redacted, should a careless line log a
 * whole object.
 */
const NEVER_LOGGED = ['token', 'auth', 'text', 'body', 'authorization', 'cookie', 'headers', 'material'].flatMap(
  name => [name, `*.${name}`, `*.*.${name}`],
);

/** A log of JSON lines on standard output, or wherever `destination` writes. */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, redact: { paths: NEVER_LOGGED, remove: true } };
  return destination ? pino(options, destination) : pino(options);
}
