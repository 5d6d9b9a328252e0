import { randomId } from '../../protocol/names.js';
import type { Cluster, ClusterCounters, RoomLink, SharedBudgets, SharedConnections } from './cluster.js';

const NOTHING = () => undefined;

const LINK: RoomLink = { ready: Promise.resolve(), came: NOTHING, left: NOTHING, steps: NOTHING, close: NOTHING };

const CONNECTIONS: SharedConnections = {
  came: NOTHING,
  left: NOTHING,
  elsewhere: () => Promise.resolve({ ofSite: 0, ofPerson: 0 }),
};

const COUNTERS: ClusterCounters = {
  nodes: 1,
  sent: { messages: 0, bytes: 0 },
  received: { messages: 0, bytes: 0 },
  ignored: 0,
  reconnects: 0,
};

/**
 * There are no other nodes: nobody else spends anything, so what is left is what each budget's own
 * copy says.
 */
const BUDGETS: SharedBudgets = {
  settle: spendings => Promise.resolve(spendings.map(() => Infinity)),
};

/** One node: there is nobody to tell anything. */
export function singleNode(): Cluster {
  return {
    node: randomId(8),
    connected: true,
    onConnected: () => NOTHING,
    link: () => LINK,
    announce: NOTHING,
    tellSites: NOTHING,
    onSites: () => NOTHING,
    connections: CONNECTIONS,
    budgets: BUDGETS,
    counters: COUNTERS,
    close: () => Promise.resolve(),
  };
}
