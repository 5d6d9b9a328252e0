/**
 * Several nodes on one PostgreSQL and one Redis, each of which a test may reach, cut off and end by
 * itself, over clusters that it may have meddle.
 */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import { type App, type AppOptions, createApp } from '../../../server/app.js';
import type { Cluster } from '../../../server/cluster/cluster.js';
import { DEFAULT_SITE_LIMITS, type SiteLimits } from '../../../server/domain/site.js';
import { createLog } from '../../../server/log.js';
import type { PostgresStorage } from '../../../server/storage/postgres/postgres-storage.js';
import { CutProxy } from '../../support/cut-proxy.js';
import { PATIENCE, until } from '../../support/patience.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { askReadiness } from '../../support/readiness.js';
import { redisUrl } from '../../support/redis-server.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { newPrefix, openFooting } from '../../support/shared-place.js';
import { Talker } from '../../support/talker.js';
import { dial, type TestSocket } from '../../support/test-socket.js';
import { newSiteKey, signToken, type TokenRequest } from '../../support/tokens.js';

export interface NodeGroupOptions extends Pick<Partial<AppOptions>, 'rates' | 'shutdown' | 'trustedProxies'> {
  /** Default 2. */
  readonly count?: number;
  readonly limits?: Partial<SiteLimits>;
  /** What stands between a node and its cluster. */
  readonly between?: (cluster: Cluster, node: number) => Cluster;
  /** What stands between a node and its storage. */
  readonly before?: (storage: PostgresStorage) => PostgresStorage;
  /** Empty, and gone when the test is; default one that nobody else knows of. */
  readonly database?: string;
}

/** One of them. */
export interface GroupedNode {
  readonly app: App;
  /** What it is to be reached by. */
  readonly url: string;
  /** Between it and Redis. */
  readonly network: CutProxy;
  /** What it logged of faults. */
  readonly faults: readonly string[];
  /** A raw client, which connects at once and never again by itself. */
  connect(token: string): TestSocket;
  /** A token that every node of the group takes. */
  token(request: TokenRequest): Promise<string>;
  /** Somebody who is let in. */
  enter(request: TokenRequest): Promise<Talker>;
  /** Ends it in order. Harmless when called again. */
  close(): Promise<void>;
}

export const SITE = 'acme';
const ORIGIN = 'https://page.example';

/** How soon a node that is silent is lost here, in milliseconds. */
export const LOST_AFTER = 1_500;

/** Starts them. They are ended when the test is. */
export async function startGroup(
  t: TestContext,
  { count = 2, limits, between = cluster => cluster, before = storage => storage, ...options }: NodeGroupOptions = {},
): Promise<readonly GroupedNode[]> {
  const nodes: GroupedNode[] = [];
  const sockets = new Set<TestSocket>();
  // First of all that ends with the test, since they stand on the rest.
  t.after(async () => {
    for (const socket of sockets) socket.disconnect();
    await Promise.all(nodes.map(node => node.close()));
  });
  const [database, redis] = [options.database ?? (await newPostgresDatabase(t)), await redisUrl(t)];
  const prefix = newPrefix();
  const key = newSiteKey(SITE, true);

  async function start(index: number): Promise<GroupedNode> {
    const faults: string[] = [];
    const log = createLog('warn', { write: line => faults.push(line) });
    const network = await CutProxy.before(t, redis);
    const times = { beat: 300, lostAfter: LOST_AFTER };
    const { storage, cluster, ...footing } = await openFooting(database, {
      url: network.urlOf(redis),
      prefix,
      log,
      times,
    });
    const app = await createApp({
      ...options,
      ...{ storage: before(storage), cluster: between(cluster, index), secretKey: SECRET_KEY, log },
      ...{ host: '127.0.0.1', port: 0, version: '0.0.0', bundleDir: join(tmpdir(), 'chalk-talk-no-bundle') },
    });
    let closed: Promise<void> | undefined;
    const close = async () => {
      await app.close();
      await footing.close();
    };
    const connect = (token: string) => {
      const headers = { origin: ORIGIN, 'x-forwarded-for': '192.0.2.1' };
      const socket = dial(app.url, { site: SITE, auth: { token, protocol: PROTOCOL_VERSION }, headers });
      sockets.add(socket);
      return socket;
    };
    return {
      ...{ app, url: app.url, network, faults, connect },
      token: request => signToken(key, request),
      async enter(request) {
        const talker = new Talker(connect(await signToken(key, request)));
        await talker.hears('welcome');
        return talker;
      },
      close: () => (closed ??= close()),
    };
  }

  nodes.push(await start(0));
  await nodes[0]?.app.sites.putSite({
    ...{ id: SITE, name: SITE, origins: [ORIGIN], guests: {}, retentionDays: null, strokeTimes: true },
    limits: { ...DEFAULT_SITE_LIMITS, ...limits },
  });
  await nodes[0]?.app.sites.addKey(key.key);
  // They come when the site is there.
  for (let index = 1; index < count; index += 1) nodes.push(await start(index));
  return nodes;
}

/**
 * Resolves when `/readyz` says of the other nodes what is expected.
 * @returns the status of that answer
 */
export async function reports(node: GroupedNode | undefined, cluster: 'ok' | 'away'): Promise<number> {
  const { url } = node ?? assert.fail('there is no such node');
  let said = await askReadiness(url);
  await until(
    PATIENCE,
    async () => {
      said = await askReadiness(url);
      return said.report.cluster === cluster;
    },
    () => `the node does not say that the others are ${cluster}, but ${JSON.stringify(said)}`,
  );
  return said.status;
}
