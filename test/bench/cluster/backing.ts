import { Redis } from 'ioredis';
import pg from 'pg';

import { PostgresServer } from '../../support/postgres-server.js';
import { RedisServer } from '../../support/redis-server.js';
import { cpuOfTree } from './process-tree.js';

/** What the servers behind the nodes have spent so far. */
export interface BackingUsage {
  /** CPU, in microseconds. */
  readonly redis: number;
  readonly postgres: number;
  /** Bytes that Redis was sent and has sent. */
  readonly redisIn: number;
  readonly redisOut: number;
  /** Bytes that PostgreSQL has written to its log: what a standby has to be sent. */
  readonly wal: number;
}

/** A PostgreSQL that syncs each commit to the disk, and a Redis, for one run of the bench. */
export class Backing {
  readonly #postgres: PostgresServer;
  readonly #redis: RedisServer;
  readonly #sql: pg.Client;
  readonly #asking: Redis;
  #databases = 0;

  private constructor(postgres: PostgresServer, redis: RedisServer, sql: pg.Client) {
    this.#postgres = postgres;
    this.#redis = redis;
    this.#sql = sql;
    this.#asking = new Redis(redis.url);
  }

  /** @throws ProgramMissingError */
  static async start(): Promise<Backing> {
    const postgres = await PostgresServer.start({ durable: true });
    const redis = await RedisServer.start();
    const sql = new pg.Client({ connectionString: postgres.url() });
    await sql.connect();
    return new Backing(postgres, redis, sql);
  }

  get redisUrl(): string {
    return this.#redis.url;
  }

  /** The address of a new, empty database; in Redis nothing is left either. */
  async fresh(): Promise<string> {
    await this.#asking.flushall();
    this.#databases += 1;
    const name = `bench_${String(this.#databases)}`;
    await this.#sql.query(`CREATE DATABASE ${name}`);
    // What was written before is not to be written back while the next one is measured.
    await this.#sql.query('CHECKPOINT');
    return this.#postgres.url(name);
  }

  async usage(): Promise<BackingUsage> {
    const wal = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes";
    const [stats, { rows }] = await Promise.all([
      this.#asking.info('stats'),
      this.#sql.query<{ readonly bytes: string }>(wal),
    ]);
    return {
      redis: await cpuOfTree(this.#redis.pid ?? 0),
      postgres: await cpuOfTree(this.#postgres.pid ?? 0),
      redisIn: infoOf(stats, 'total_net_input_bytes'),
      redisOut: infoOf(stats, 'total_net_output_bytes'),
      wal: Number(rows[0]?.bytes),
    };
  }

  /** Bytes that Redis holds. */
  async redisMemory(): Promise<number> {
    return infoOf(await this.#asking.info('memory'), 'used_memory');
  }

  async close(): Promise<void> {
    this.#asking.disconnect();
    await this.#sql.end();
    await this.#redis.close();
    await this.#postgres.close();
  }
}

/** A number of what INFO answers. */
function infoOf(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
}
