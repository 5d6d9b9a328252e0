/**
 * Tests of the server, and faults, whose subject passes from one node to another, or that are
 * answered otherwise where there are several: the gate runs these on nodes, each with what several
 * nodes can break of it. All others that stand on a place hold for one node and for three alike,
 * for what they try ends within the node that is asked: `npm run prove` runs them on nodes too, and
 * whoever names a part of a path.
 */
const OVER_NODES = {
  'faults/cut-in-mid-stroke.test.js': 'the last ink of somebody, which every node could keep',
  'faults/killed-server.test.js': 'all nodes and what they share, ended at once',
  'faults/rough-network.test.js': 'people who come back to another node each time',
  'server/auth/revocations.test.js': 'who was revoked by another node',
  'server/auth/removed-sites.test.js': 'a removal that another node takes up',
  'server/auth/site-mirror.test.js': 'sites that another node changed',
  'server/domain/failed-turns.properties.test.js': 'turns that are transactions of PostgreSQL, and fail as such',
  'server/domain/turns.properties.test.js': 'the same events, on whichever server the commands gather',
  'server/http/guests.test.js': 'a guest who is the same person at the next node, at a rate over all of them',
  'server/http/probes.test.js': 'readiness, of which the cluster is a part',
  'server/http/reading.test.js': 'a snapshot and its ETag, of what was said at another node',
  'server/limits/failed-tokens.test.js': 'failures that are counted over nodes',
  'server/main.test.js': 'a server that ends where there are others to go to',
  'server/metrics/metrics.test.js': 'what is counted of the cluster, and once',
  'server/realtime/admission.test.js':
    'limits of connections over all nodes, and origins that another one took off the list',
  'server/realtime/conversation.test.js': 'events in one order on every node',
  'server/realtime/floods.test.js': 'budgets that nodes share',
  'server/realtime/isolation.test.js': 'sites that share channels and keys of Redis',
  'server/realtime/revoked-meanwhile.test.js': 'a change that another node makes in the middle of a handshake',
  'server/realtime/revoked.test.js': 'people and tokens that another node revokes',
  'server/realtime/room-life.test.js': 'presence, live frames and the tail between nodes, and nodes that start again',
  'server/realtime/shared-fact.test.js': 'what is large, by way of Redis',
  'server/realtime/tokens-in-use.test.js': 'keys, sites and roles that change at another node',
  'server/retention.test.js': 'servers that take turns at a site',
  'server/storage/forgetting-in-rooms.test.js': 'a server that is behind what another one forgot',
  'server/storage/rows.properties.test.js': 'the rows of PostgreSQL, however commands gather',
  'widget/session/conversation.node.test.js': 'clients at different nodes',
  'widget/session/live.node.test.js': 'ink, cursors and read positions between clients of different nodes',
  'widget/session/network.node.test.js': 'a client that comes back to another node',
  'widget/session/undo.node.test.js': 'undo against what somebody at another node did since',
};

/**
 * @param {string} path below dist/test.
 * @returns whether several nodes can break it otherwise than one
 */
export function passesOverNodes(path) {
  return Object.hasOwn(OVER_NODES, path);
}
