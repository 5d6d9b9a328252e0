import { join } from 'node:path';

import { LOG_LEVELS, type LogLevel } from './log.js';

/** What the environment says. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The SQLite file. */
  readonly database: string;
  /** Seals secrets at rest, and is what the guests' signing keys are derived from. */
  readonly secretKey: string;
  readonly logLevel: LogLevel;
}

/** Characters that a secret key must have at least. */
const SECRET_LENGTH = 32;

/** What is wrong with the environment, all of it at once, in words for whoever runs the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment does not suit:\n${faults.map(fault => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads the environment. The only code that does.
 *
 * | variable | | default |
 * |---|---|---|
 * | `HOST` | address to listen on | `127.0.0.1` |
 * | `PORT` | port to listen on | `3000` |
 * | `DATA_DIR` | folder of the database | `data` |
 * | `SECRET_KEY` | 32 random characters or more: `openssl rand -base64 32` | none |
 * | `LOG_LEVEL` | `fatal` … `trace`, `silent` | `info` |
 *
 * @throws ConfigError
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const said = (name: string): string | undefined => environment[name]?.trim() || undefined;

  const port = said('PORT') ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) faults.push(`PORT is no port number: ${port}`);

  const level = said('LOG_LEVEL') ?? 'info';
  const logLevel = LOG_LEVELS.find(known => known === level);
  if (!logLevel) faults.push(`LOG_LEVEL is none of ${LOG_LEVELS.join(', ')}: ${level}`);

  const secretKey = said('SECRET_KEY');
  const howTo = "Make one with `openssl rand -base64 32`, and keep it: without it the sites' keys can't be read again.";
  if (secretKey === undefined) faults.push(`SECRET_KEY is missing. ${howTo}`);
  else if (secretKey.length < SECRET_LENGTH)
    faults.push(`SECRET_KEY is shorter than ${SECRET_LENGTH} characters. ${howTo}`);

  if (faults.length > 0 || !logLevel || !secretKey) throw new ConfigError(faults);
  return {
    host: said('HOST') ?? '127.0.0.1',
    port: Number(port),
    database: join(said('DATA_DIR') ?? 'data', 'chalk-talk.db'),
    secretKey,
    logLevel,
  };
}
