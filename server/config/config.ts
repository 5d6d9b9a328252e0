import { join } from 'node:path';

import { databaseConfig, type RedisConfig, redisConfig } from './database-config.js';
import { DEFAULT_ROOMS_LIMITS } from '../domain/rooms-limits.js';
import { EnvironmentReader } from './environment-reader.js';
import { LOG_LEVELS, type LogLevel } from '../log.js';
import { DEFAULT_RATES } from '../limits/rates.js';
import type { Rate } from '../limits/token-bucket.js';
import type { StorageDriver } from '../storage/storage-driver.js';

/** What the environment says. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The origin at which browsers reach the server; undefined where that is where it listens. */
  readonly publicUrl: string | undefined;
  readonly database: StorageDriver;
  /** By which several nodes tell each other what happens; undefined where this is the only one. */
  readonly redis: RedisConfig | undefined;
  /** Opens the operator's API and the metrics; without it the first is off. */
  readonly adminToken: string | undefined;
  /** Opens the metrics alone; without either they are off. */
  readonly metricsToken: string | undefined;
  /** Seals secrets at rest, and is what the guests' signing keys are derived from. */
  readonly secretKey: string;
  /** How many proxies in front add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly logLevel: LogLevel;
  /** The folder where the scripts of all versions are kept. */
  readonly scriptsDir: string;
  readonly shutdown: Shutdown;
  readonly limits: ConfiguredLimits;
}

/** What commands need that use the database without a server. */
export type DatabaseAccess = Pick<Config, 'database' | 'secretKey'>;

/** How the server ends, in milliseconds from the signal. */
export interface Shutdown {
  /** From then on nobody is served any more. */
  readonly delay: number;
  /** By then everything has ended, or is given up. */
  readonly timeout: number;
}

export interface ConfiguredLimits {
  /** Commands of a person. */
  readonly commands: Rate;
  /** Tokens for guests at one address. */
  readonly guestsOfAddress: Rate;
  /** Rooms held in memory. */
  readonly residentRooms: number;
  /** Bytes that they take together. */
  readonly residentBytes: number;
  /** Bytes of snapshots that are kept ready. */
  readonly snapshotBytes: number;
}

/** The folder for files of the server where the database is on a database server. */
const DATA = 'data';
/** Characters that a secret must have at least. */
const SECRET_LENGTH = 32;
const MEGABYTE = 1_024 * 1_024;
const MAKE_ONE = 'Make one with `openssl rand -base64 32`';

/** What is wrong with the environment, all of it at once, in words for whoever runs the server. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Invalid configuration:\n${faults.map(fault => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads the environment. The only code that does.
 *
 * | variable | what it says | default |
 * |---|---|---|
 * | `SECRET_KEY` | 32 random characters or more (`openssl rand -base64 32`): seals the sites' keys
 * in the database, and guests' tokens are signed by it. Keep it: without it the sites' keys can't
 * be read again | none: must be set |
 * | `ADMIN_TOKEN` | 32 random characters or more, others than SECRET_KEY: who sends it operates the
 * server (`chalk-talk sites …`) and reads `/metrics` | none: nobody operates it |
 * | `METRICS_TOKEN` | 32 random characters or more, others than those two: who sends it reads
 * `/metrics`, and nothing else | none: `/metrics` is ADMIN_TOKEN's alone |
 * | `HOST` | address to listen on; `0.0.0.0` is every one of the machine | `127.0.0.1` |
 * | `PORT` | port to listen on; 0 lets the system choose | `3000` |
 * | `PUBLIC_URL` | where browsers reach the server, `https://chalk.example.com`: no path; https,
 * except on loopback. Must be set where HOST is not loopback | `http://HOST:PORT` |
 * | `DATABASE_URL` | the database: `sqlite:` and the path of a file, `sqlite:/srv/chalk-talk.db`,
 * made if it is not there; or a database of PostgreSQL, `postgres://USER:PASSWORD@HOST/DATABASE`,
 * which may be followed by settings as `?sslmode=verify-full` | `sqlite:data/chalk-talk.db` |
 * | `DATABASE_POOL` | connections to PostgreSQL for what people ask (2 to 200), for each node; a
 * handful more are its own | `10` |
 * | `REDIS_URL` | by which several nodes on one database of PostgreSQL tell each other what
 * happens: `redis://:PASSWORD@HOST`, by TLS `rediss://`; a Redis Cluster
 * `redis-cluster://:PASSWORD@HOST:PORT,HOST:PORT`, by TLS `rediss-cluster://` | none: there is one
 * node |
 * | `REDIS_PREFIX` | what the names of its keys and channels begin with, up to 32 letters, digits,
 * `-`, `_`, `.`: those of several installations on one Redis must differ | `chalk-talk` |
 * | `SCRIPTS_DIR` | folder where the widget's scripts of every version that ever ran here are kept,
 * for pages that still ask for them | `scripts` beside the database; `data/scripts` with PostgreSQL
 * |
 * | `TRUST_PROXY` | how many proxies in front of the server add to `X-Forwarded-For` (0 to 10):
 * only what they added is believed | `0` |
 * | `LOG_LEVEL` | `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent` | `info` |
 * | `SHUTDOWN_DELAY` | seconds (0 to 600) from a signal, when `/readyz` begins to answer 503, until
 * people are told to come back | `0` |
 * | `SHUTDOWN_TIMEOUT` | seconds (1 to 900) from a signal, the delay included, until what has not
 * ended is given up | `15` |
 * | `COMMANDS_PER_SECOND` | messages and strokes of one person a second, in the long run (1 to
 * 10000) | `30` |
 * | `COMMANDS_BURST` | and at once: what one person's outbox holds after a while offline (1 to
 * 100000, not fewer than a second's) | `300` |
 * | `GUESTS_PER_ADDRESS` | tokens for guests at one address a second, in the long run, and thirty
 * times that at once; a school is one address, an IPv6 /48 is four (1 to 10000) | `10` |
 * | `ROOMS_IN_MEMORY` | rooms that are held in memory, from a few KB to some MB each (100 to
 * 1000000) | `10000` |
 * | `ROOMS_MEMORY_MB` | memory that they take together at most, in MB (16 to 65536); those used
 * longest ago are let go | `512` |
 * | `SNAPSHOT_CACHE_MB` | memory for rooms that are kept ready to be sent, in MB (1 to 16384) |
 * `64` |
 *
 * @throws ConfigError
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const read = new EnvironmentReader(environment);
  // An IPv6 address may stand in brackets, as in a URL.
  const host = (read.text('HOST') ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const database = databaseConfig(read);
  const secretKey = secretKeyOf(read);
  const adminToken = bearerToken(read, 'ADMIN_TOKEN', { SECRET_KEY: secretKey });
  const config = {
    host,
    port: read.integer('PORT', { otherwise: 3_000, from: 0, to: 65_535 }),
    publicUrl: publicUrl(read, host),
    redis: redisConfig(read, database),
    adminToken,
    metricsToken: bearerToken(read, 'METRICS_TOKEN', { SECRET_KEY: secretKey, ADMIN_TOKEN: adminToken }),
    secretKey: secretKey ?? '',
    trustedProxies: read.integer('TRUST_PROXY', { otherwise: 0, from: 0, to: 10 }),
    logLevel: read.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    scriptsDir: read.text('SCRIPTS_DIR') ?? join(database?.folder ?? DATA, 'scripts'),
    shutdown: shutdown(read),
    limits: limits(read),
  };
  if (read.faults.length > 0 || !database) throw new ConfigError(read.faults);
  return { ...config, database };
}

/**
 * Reads what of the environment says where the database is and what seals it; the rest may be as it
 * likes.
 *
 * @throws ConfigError
 */
export function readDatabaseAccess(environment: Readonly<Record<string, string | undefined>>): DatabaseAccess {
  const read = new EnvironmentReader(environment);
  const database = databaseConfig(read);
  const secretKey = secretKeyOf(read);
  if (read.faults.length > 0 || !database) throw new ConfigError(read.faults);
  return { database, secretKey: secretKey ?? '' };
}

function secretKeyOf(read: EnvironmentReader): string | undefined {
  const howTo = `${MAKE_ONE}, and keep it: without it the sites' keys can't be read again.`;
  const key = read.secret('SECRET_KEY', SECRET_LENGTH, howTo);
  if (key === undefined) read.fault(`SECRET_KEY is missing. ${howTo}`);
  return key;
}

/**
 * @param others secrets by name that it must not be: it goes over the network with each request,
 *   and opens less than they do
 */
function bearerToken(
  read: EnvironmentReader,
  name: string,
  others: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const token = read.secret(name, SECRET_LENGTH, `${MAKE_ONE}.`);
  if (token === undefined) return undefined;
  for (const [other, value] of Object.entries(others)) {
    if (token === value) read.fault(`${name} is the same as ${other}. ${MAKE_ONE}.`);
  }
  // It stands in a header, where only these characters can.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    read.fault(`${name} has a character other than visible ASCII ones, and so can never be sent.`);
  }
  return token;
}

function publicUrl(read: EnvironmentReader, host: string): string | undefined {
  const said = read.text('PUBLIC_URL');
  const example = 'the origin at which browsers reach the server: `https://chalk.example.com`';
  if (said === undefined) {
    if (!isLoopback(host)) read.fault(`PUBLIC_URL is missing: ${example}. Only where HOST is loopback is it known.`);
    return undefined;
  }
  const url = URL.canParse(said) ? new URL(said) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    read.fault(`PUBLIC_URL must be ${example}, without a path.`);
    return undefined;
  }
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    read.fault(`PUBLIC_URL must be https, except on loopback: ${url.origin}`);
  }
  return url.origin;
}

function shutdown(read: EnvironmentReader): Shutdown {
  const delay = read.integer('SHUTDOWN_DELAY', { otherwise: 0, from: 0, to: 600 });
  const timeout = read.integer('SHUTDOWN_TIMEOUT', { otherwise: 15, from: 1, to: 900 });
  if (delay >= timeout) read.fault(`SHUTDOWN_DELAY must be less than SHUTDOWN_TIMEOUT, which is ${timeout}.`);
  return { delay: delay * 1_000, timeout: timeout * 1_000 };
}

function limits(read: EnvironmentReader): ConfiguredLimits {
  const { commands, guestsOfAddress } = DEFAULT_RATES;
  const perSecond = read.integer('COMMANDS_PER_SECOND', { otherwise: commands.perSecond, from: 1, to: 10_000 });
  const burst = read.integer('COMMANDS_BURST', { otherwise: commands.burst, from: 1, to: 100_000 });
  if (burst < perSecond) read.fault(`COMMANDS_BURST must not be less than COMMANDS_PER_SECOND, which is ${perSecond}.`);
  const guests = read.integer('GUESTS_PER_ADDRESS', { otherwise: guestsOfAddress.perSecond, from: 1, to: 10_000 });
  return {
    commands: { perSecond, burst },
    guestsOfAddress: { perSecond: guests, burst: guests * 30 },
    residentRooms: read.integer('ROOMS_IN_MEMORY', {
      otherwise: DEFAULT_ROOMS_LIMITS.resident,
      from: 100,
      to: 1_000_000,
    }),
    residentBytes:
      read.integer('ROOMS_MEMORY_MB', {
        otherwise: DEFAULT_ROOMS_LIMITS.residentBytes / MEGABYTE,
        from: 16,
        to: 65_536,
      }) * MEGABYTE,
    snapshotBytes: read.integer('SNAPSHOT_CACHE_MB', { otherwise: 64, from: 1, to: 16_384 }) * MEGABYTE,
  };
}

/** Whether only this machine can reach it: `localhost`, 127.0.0.0/8, `::1`. */
function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
