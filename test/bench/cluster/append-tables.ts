/**
 * What is kept a second: of the port, over sockets, in one hot room, and what the servers behind do
 * for the bare thing.
 */
import { readConfig } from '../../../server/config/config.js';
import { createLog } from '../../../server/log.js';
import { measurePort } from '../figures/appends.js';
import { ms, whole } from '../report.js';
import type { Backing } from './backing.js';
import { bareInserts, bareRelay } from './figures/floors.js';
import { type Saturated, type Saturation, saturate } from './figures/saturated.js';
import { type Layout, withNodes } from './nodes.js';
import { type ClusterMeasured, NODES, type Thoroughness } from './tables.js';

/** Durable appends a second. */
const APPENDS_LEAST = 8_000;
const HOT_LEAST = 2_000;
/** Of the fastest node, what the slowest one must get. */
const FAIR_LEAST = 0.5;
/** Rooms of a turn, and turns at once. */
const TURNS = [
  { perTurn: 1, lanes: 1 },
  { perTurn: 50, lanes: 1 },
  { perTurn: 50, lanes: 4 },
  { perTurn: 250, lanes: 4 },
];
/** Each person has so many messages on the way, as an outbox that is full would. */
const MANY_ROOMS: Saturation = { rooms: 1_000, size: 1, window: 5 };
const HOT_ROOM: Saturation = { rooms: 1, size: 60, window: 15 };
/** Where few people are to write as much as hundreds would. */
const RAISED = { COMMANDS_PER_SECOND: '10000', COMMANDS_BURST: '100000' };
/** Messages a second that Redis is asked to relay. */
const RELAYED = 2_000;

const us = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} µs`;
const SATURATED_COLUMNS = [
  ...['nodes', 'appends/s', 'slowest of fastest', 'a turn', 'wait for a turn p50', 'p99', 'ack p50', 'p99'],
  ...['nodes’ CPU an append', 'PostgreSQL’s', 'Redis’', 'bytes of PostgreSQL’s log'],
];

export async function appendsTable(backing: Backing, { times }: Thoroughness): Promise<ClusterMeasured> {
  const measured = times.measured * 1_000;
  const url = await backing.fresh();
  const rows = [
    ['bare: 8 clients, a row each', `${whole(await bareInserts(url, 1, measured / 2))} a second`],
    ['bare: 8 clients, 50 rows each', `${whole(await bareInserts(url, 50, measured / 2))} a second`],
  ];
  let best = 0;
  for (const turns of TURNS) {
    const perSecond = await inNewDatabase(backing, turns, measured);
    best = Math.max(best, perSecond);
    const of = `storage port: ${whole(turns.perTurn)} rooms a turn, ${String(turns.lanes)} turns at once`;
    rows.push([of, `${whole(perSecond)} a second`]);
  }
  return {
    table: {
      title: `Durable appends on PostgreSQL over 1,000 rooms (at least ${whole(APPENDS_LEAST)})`,
      columns: ['where', 'messages'],
      rows,
    },
    bounds: [{ of: 'appends over 1,000 rooms', figure: best, unit: 'a second', least: APPENDS_LEAST }],
  };
}

export async function socketsTable(backing: Backing, { times }: Thoroughness): Promise<ClusterMeasured> {
  const one = await saturated(backing, 1, MANY_ROOMS, times);
  const spread = await saturated(backing, NODES, MANY_ROOMS, times);
  const title = 'Over sockets: 1,000 rooms of one, 5 messages of each under way';
  return {
    table: { title, columns: SATURATED_COLUMNS, rows: [cells(one, 1), cells(spread, NODES)] },
    bounds: [],
    costs: { keep: one.cpuPerAppend, postgresKeep: one.postgresCpuPerAppend, wal: one.walPerAppend },
  };
}

export async function hotRoomTable(backing: Backing, { times }: Thoroughness): Promise<ClusterMeasured> {
  const one = await saturated(backing, 1, HOT_ROOM, times);
  const spread = await saturated(backing, NODES, HOT_ROOM, times);
  const { size, window } = HOT_ROOM;
  return {
    table: {
      title: `One hot room: ${String(size)} people, ${String(window)} messages of each under way (at least ${whole(HOT_LEAST)}, slowest at least ${String(FAIR_LEAST)})`,
      columns: SATURATED_COLUMNS,
      rows: [cells(one, 1), cells(spread, NODES)],
    },
    bounds: [
      { of: 'appends in one hot room from three nodes', figure: spread.perSecond, unit: 'a second', least: HOT_LEAST },
      { of: 'the slowest node of a hot room', figure: spread.fairness, unit: 'of the fastest', least: FAIR_LEAST },
    ],
  };
}

export async function relayTable(backing: Backing, { times }: Thoroughness): Promise<ClusterMeasured> {
  await backing.fresh();
  const { cpuPerMessage, latency } = await bareRelay(backing, RELAYED, (times.measured * 1_000) / 2);
  return {
    table: {
      title: `Bare Redis: ${whole(RELAYED)} messages of 250 bytes a second, to two others`,
      columns: ['Redis’ CPU a message', 'p50', 'p99'],
      rows: [[us(cpuPerMessage), ms(latency.p50), ms(latency.p99)]],
    },
    bounds: [],
    costs: { relay: cpuPerMessage / 2 },
  };
}

async function inNewDatabase(backing: Backing, turns: Parameters<typeof measurePort>[1], measured: number) {
  const environment = { SECRET_KEY: 's'.repeat(40), DATABASE_URL: await backing.fresh() };
  const { database, secretKey } = readConfig(environment);
  const storage = await database.open({ secretKey, log: createLog('silent') });
  try {
    return await measurePort(storage, turns, measured);
  } finally {
    await storage.close();
  }
}

function saturated(backing: Backing, nodes: number, saturation: Saturation, times: Thoroughness['times']) {
  const layout: Layout = { nodes, on: 'postgres', settings: RAISED };
  return withNodes(backing, layout, running => saturate(running, saturation, times));
}

function cells(figure: Saturated, nodes: number): string[] {
  return [
    String(nodes),
    whole(figure.perSecond),
    nodes > 1 ? figure.fairness.toFixed(2) : '',
    figure.perTurn.toFixed(1),
    ...[figure.turnWaitP50, figure.turnWaitP99, figure.acknowledgedP50, figure.acknowledgedP99].map(ms),
    ...[figure.cpuPerAppend, figure.postgresCpuPerAppend, figure.redisCpuPerAppend].map(us),
    whole(figure.walPerAppend),
  ];
}
