import { type App, type AppOptions, createApp } from '../../server/app.js';
import { singleNode } from '../../server/cluster/single-node.js';
import { meddling } from './meddling.js';
import type { Place } from './place.js';
import { SECRET_KEY } from './secret-key.js';
import { toldEverywhere } from './told-everywhere.js';

/** The nodes that serve a place, as long as they run. */
export interface Nodes {
  readonly apps: readonly App[];
  /** The first of them. A change of sites through it ends when every node knows of it. */
  readonly first: App;
  /** Ends all of them. Harmless when called again. */
  close(): Promise<void>;
}

/** What each node is given, beside what it stands on. */
export type NodeOptions = Omit<AppOptions, 'storage' | 'cluster' | 'secretKey' | 'host' | 'port' | 'publicUrl'>;

/** Everyone is sent away at once: where the clock stands, a second group would never go. */
const SHUTDOWN = { delay: 0, timeout: 0 };

/**
 * Starts the nodes of a place.
 *
 * @param ports where each listened before; default wherever there is room
 */
export async function startNodes(place: Place, options: NodeOptions, ports: readonly number[] = []): Promise<Nodes> {
  const first = await startNode(place, options, { port: ports[0] ?? 0 });
  const others = Array.from({ length: place.nodes - 1 }, (_, index) =>
    startNode(place, options, { port: ports[index + 1] ?? 0, publicUrl: first.app.url }),
  );
  const nodes = [first, ...(await Promise.all(others))];
  const apps = nodes.map(({ app }) => app);
  const sites = toldEverywhere(
    first.app.sites,
    apps.slice(1).map(other => other.sites),
  );
  return {
    apps,
    first: meddling(first.app, { sites }),
    async close() {
      await Promise.all(nodes.map(node => node.close()));
    },
  };
}

async function startNode(
  place: Place,
  options: NodeOptions,
  address: Pick<AppOptions, 'port' | 'publicUrl'>,
): Promise<{ readonly app: App; close(): Promise<void> }> {
  const { storage, cluster, ...footing } = await place.open();
  try {
    // Redis fills what is shared of budgets by its own clock: where the nodes go by one of the
    // test's, each counts for itself.
    const heard = cluster && options.clock ? meddling(cluster, { budgets: singleNode().budgets }) : cluster;
    const parts = { storage, secretKey: SECRET_KEY, ...(heard && { cluster: heard }) };
    const app = await createApp({ shutdown: SHUTDOWN, ...options, ...parts, host: '127.0.0.1', ...address });
    return {
      app,
      async close() {
        await app.close();
        await footing.close();
      },
    };
  } catch (fault) {
    await footing.close();
    throw fault;
  }
}
