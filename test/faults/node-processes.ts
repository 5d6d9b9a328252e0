/**
 * Three servers over one PostgreSQL and one Redis, all of them processes of their own, and what
 * stands in front of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../server/config/config.js';
import { createLog } from '../../server/log.js';
import type { OpenedStorage } from '../../server/storage/storage-driver.js';
import { Balancer, type Door } from '../support/balancer.js';
import { CutProxy } from '../support/cut-proxy.js';
import { PostgresServer } from '../support/postgres-server.js';
import { freePort } from '../support/programs.js';
import { RedisServer } from '../support/redis-server.js';
import type { Scope } from '../support/scope.js';
import { SECRET_KEY } from '../support/secret-key.js';
import { signToken, type TestKey, type TokenRequest } from '../support/tokens.js';
import { NodeProcess } from './node-process.js';
import type { Service } from './service.js';
import { addSite } from './site.js';

const NODES = 3;

export interface NodeProcessesOptions {
  /** What each node is told beside what it needs. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The node, by its place, whose way to PostgreSQL and to Redis can be cut; default none. */
  readonly cuttable?: number;
}

/** The ways from one node to what it depends on. */
export interface Ways {
  readonly postgres: CutProxy;
  readonly redis: CutProxy;
}

interface Parts {
  readonly processes: readonly NodeProcess[];
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly key: TestKey;
  readonly ways: Ways;
}

export class NodeProcesses implements Service {
  /** Starts and stops with everything that is in it. */
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly processes: readonly NodeProcess[];
  readonly balancer: Balancer;
  /** Those of the node that can be cut off. */
  readonly ways: Ways;
  readonly #key: TestKey;
  readonly #gate: Door;

  private constructor({ processes, postgres, redis, key, ways }: Parts, balancer: Balancer, gate: Door) {
    this.processes = processes;
    this.postgres = postgres;
    this.redis = redis;
    this.ways = ways;
    this.balancer = balancer;
    this.#key = key;
    this.#gate = gate;
  }

  /** Three nodes with one site, which run. Ended, and all data gone, when the scope ends. */
  static async start(scope: Scope, options: NodeProcessesOptions = {}): Promise<NodeProcesses> {
    // A commit waits for the disk: without that, a PostgreSQL that crashes has promised more than
    // it kept.
    const postgres = await PostgresServer.start({ durable: true });
    scope.after(() => postgres.close());
    const redis = await RedisServer.start();
    scope.after(() => redis.close());
    const storage = await openShared(postgres);
    const key = await addSite(storage);
    await storage.close();
    const ways = {
      postgres: await CutProxy.before(scope, postgres.url()),
      redis: await CutProxy.before(scope, redis.url),
    };
    const processes: NodeProcess[] = [];
    for (let place = 0; place < NODES; place += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-node-'));
      const isCuttable = place === options.cuttable;
      const environment = {
        DATABASE_URL: isCuttable ? ways.postgres.urlOf(postgres.url()) : postgres.url(),
        REDIS_URL: isCuttable ? ways.redis.urlOf(redis.url) : redis.url,
        SCRIPTS_DIR: join(folder, 'scripts'),
        ...options.environment,
      };
      const process = new NodeProcess({ folder, port: await freePort(), environment });
      scope.after(async () => {
        await process.kill();
        await rm(folder, { recursive: true, force: true });
      });
      processes.push(process);
    }
    const balancer = new Balancer(processes.map(({ url }) => url));
    const gate = await balancer.gate(scope);
    const nodes = new NodeProcesses({ processes, postgres, redis, key, ways }, balancer, gate);
    await nodes.run();
    return nodes;
  }

  get url(): string {
    return this.#gate.url;
  }

  async entrance(scope: Scope): Promise<string> {
    return (await this.balancer.door(scope)).url;
  }

  get said(): string {
    return this.processes.map(({ said }) => said).join('');
  }

  get crashed(): boolean {
    return this.processes.some(({ crashed }) => crashed);
  }

  token(request: TokenRequest = {}): Promise<string> {
    return signToken(this.#key, request);
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map(process => process.kill()));
  }

  async run(): Promise<void> {
    await Promise.all(this.processes.map(process => process.run()));
  }

  openStorage(): Promise<OpenedStorage> {
    return openShared(this.postgres);
  }

  /** The node of this place. */
  node(place: number): NodeProcess {
    const process = this.processes[place];
    if (!process) throw new RangeError(`There is no node ${place}`);
    return process;
  }
}

/** Opens what the nodes share, by the same words as they do. */
function openShared(postgres: PostgresServer): Promise<OpenedStorage> {
  const { database, secretKey } = readConfig({ DATABASE_URL: postgres.url(), SECRET_KEY });
  return database.open({ secretKey, log: createLog('silent') });
}
