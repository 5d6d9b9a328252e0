/**
 * A real Redis Cluster for tests: three servers of this machine, each with a third of the slots.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findProgram } from './programs.js';
import { RedisServer } from './redis-server.js';
import type { Scope } from './scope.js';

const run = promisify(execFile);

const SETTINGS = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];

export class RedisClusterServers {
  readonly servers: readonly RedisServer[];
  readonly #client: string;

  private constructor(servers: readonly RedisServer[], client: string) {
    this.servers = servers;
    this.#client = client;
  }

  /** Started and joined; ended with the test. @throws ProgramMissingError */
  static async start(scope: Scope): Promise<RedisClusterServers> {
    const client = await findProgram('redis-cli');
    const servers: RedisServer[] = [];
    for (let count = 0; count < 3; count += 1) {
      const server = await RedisServer.start(SETTINGS);
      servers.push(server);
      scope.after(() => server.close());
    }
    const cluster = new RedisClusterServers(servers, client);
    const addresses = servers.map(({ port }) => `127.0.0.1:${port}`);
    await run(client, ['--cluster', 'create', ...addresses, '--cluster-yes']);
    return cluster;
  }

  /** As REDIS_URL names it. */
  get url(): string {
    return `redis-cluster://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join()}`;
  }

  /** Asks one of the servers. @returns what it says, as text */
  async ask({ port }: RedisServer, ...command: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#client, ['-p', `${port}`, ...command]);
    return stdout.trim();
  }

  /** The server that has a key or a channel. */
  async holderOf(name: string): Promise<RedisServer> {
    const [any] = this.servers;
    if (!any) throw new Error('a cluster has servers');
    const slot = Number(await this.ask(any, 'CLUSTER', 'KEYSLOT', name));
    for (const server of this.servers) {
      const nodes = await this.ask(server, 'CLUSTER', 'NODES');
      const ranges = /myself,master.*connected(.*)$/m.exec(nodes)?.[1]?.trim().split(' ') ?? [];
      for (const range of ranges) {
        const [from, to = from] = range.split('-').map(Number);
        if (from !== undefined && to !== undefined && from <= slot && slot <= to) return server;
      }
    }
    throw new Error(`no server has slot ${slot}`);
  }

  /** Moves the slot of a name, with what is in it, to another server. */
  async move(name: string, target: RedisServer): Promise<void> {
    const source = await this.holderOf(name);
    const slot = await this.ask(source, 'CLUSTER', 'KEYSLOT', name);
    const [from, to] = await Promise.all([source, target].map(server => this.ask(server, 'CLUSTER', 'MYID')));
    if (from === undefined || to === undefined) throw new Error('every server has an id');
    await this.ask(target, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', from);
    await this.ask(source, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', to);
    const keys = await this.ask(source, 'CLUSTER', 'GETKEYSINSLOT', slot, '1000');
    for (const key of keys.split('\n').filter(line => line !== '')) {
      await this.ask(source, 'MIGRATE', '127.0.0.1', `${target.port}`, key, '0', '5000');
    }
    for (const server of [target, source, ...this.servers]) {
      await this.ask(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', to);
    }
  }
}
