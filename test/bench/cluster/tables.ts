/** Each figure of several nodes: measured, and set into a table with what it must stay within. */
import { median } from '../figures/rounds.js';
import type { Scene, Times } from '../figures/delivery.js';
import { ms, share, type Table, whole } from '../report.js';
import type { Measured } from '../tables.js';
import type { Backing } from './backing.js';
import { measureConnections, type ConnectionCosts } from './figures/connections.js';
import { deliverSpread, keptUp, type SpreadDelivery } from './figures/delivery.js';
import { measureInk } from './figures/ink.js';
import { type Layout, withNodes } from './nodes.js';
import type { Costs } from './reckoning.js';

/** A figure, and what of it is reckoned with. */
export interface ClusterMeasured extends Measured {
  readonly costs?: Partial<Costs>;
}

/** How thoroughly it is measured. */
export interface Thoroughness {
  /** Pairs of one node and three, of which the middle counts. */
  readonly rounds: number;
  readonly times: Times;
  /**
   * Seconds before delivery is measured: of three processes each meets a third of the work, and
   * needs longer until its code is compiled. A server that has run for hours is what a delivery is
   * to cost.
   */
  readonly warmUpOfDelivery: number;
  /** Connections that come, and seconds that they are watched. */
  readonly connections: { readonly many: number; readonly idle: number };
}

export const NODES = 3;
const SQLITE: Layout = { nodes: 1, on: 'sqlite' };
const ONE: Layout = { nodes: 1, on: 'postgres' };
const SPREAD: Layout = { nodes: NODES, on: 'postgres' };

/**
 * One room as busy as `npm run bench` has it, where one node shares its turns and packets among
 * more messages than each of several can; as busy as lectures; and the same in small rooms.
 */
const BUSY: Scene = { rooms: 1, size: 200, rate: 1_000 };
const LARGE: Scene = { rooms: 5, size: 200, rate: 200 };
const SMALL: Scene = { rooms: 100, size: 10, rate: 200 };
/** What several nodes may cost, of what one does, in rooms of 200. */
const LARGE_MOST = 1.3;
/** Milliseconds. */
const INK_MOST = 200;

const us = (value: number) => `${value.toFixed(Math.abs(value) < 10 ? 2 : 0)} µs`;
const kilobytes = (value: number) => `${value.toFixed(1)} KB`;
const nameOf = ({ nodes, on }: Layout) => (on === 'sqlite' ? '1, SQLite' : String(nodes));

/** One scene on one node and on several. */
interface Pair {
  readonly one: SpreadDelivery;
  readonly spread: SpreadDelivery;
}

export async function deliveryTable(backing: Backing, thoroughness: Thoroughness): Promise<ClusterMeasured> {
  const { rounds } = thoroughness;
  const times = { ...thoroughness.times, warmUp: thoroughness.warmUpOfDelivery };
  const measure = (layout: Layout, scene: Scene) =>
    withNodes(backing, layout, nodes => deliverSpread(nodes, scene, times));
  const rows: string[][] = [];
  const ratios = new Map<Scene, number>();
  const middles = new Map<Scene, Pair>();
  for (const scene of [BUSY, LARGE, SMALL]) {
    const sqlite = await measure(SQLITE, scene);
    const pairs: Pair[] = [];
    while (pairs.length < rounds) pairs.push({ one: await measure(ONE, scene), spread: await measure(SPREAD, scene) });
    // Of each pair of neighbours, which met the same machine.
    const ratio = median(
      pairs.map(({ one, spread }) => {
        return keptUp(one) && keptUp(spread) ? spread.cpuPerDelivery / one.cpuPerDelivery : Number.NaN;
      }),
    );
    const middle = { one: middleOf(pairs.map(({ one }) => one)), spread: middleOf(pairs.map(({ spread }) => spread)) };
    const wanted = scene !== SMALL ? ` (at most ${LARGE_MOST.toFixed(1)})` : '';
    rows.push(deliveryRow(scene, SQLITE, sqlite, ''));
    rows.push(deliveryRow(scene, ONE, middle.one, '1'));
    rows.push(deliveryRow(scene, SPREAD, middle.spread, `${ratio.toFixed(2)}${wanted}`));
    ratios.set(scene, ratio);
    middles.set(scene, middle);
  }
  const columns = [
    ...['rooms × people, sent', 'nodes', 'nodes’ CPU a delivery', 'Redis’', 'PostgreSQL’s', 'Redis’ bytes'],
    ...['delivered/s', 'delivery p50', 'p99', 'to another node p50', 'p99', 'ack p50', 'p99', 'load CPU', 'ratio'],
  ];
  const parts = messageTable(middles.get(LARGE), middles.get(SMALL));
  const title = 'CPU per delivered message, rooms spread over all nodes (* did not keep up: worth nothing)';
  return {
    table: { title, columns, rows },
    also: parts.table,
    costs: { bring: parts.bring, deliver: middles.get(LARGE)?.one.cpuPerDelivery ?? Number.NaN },
    bounds: [BUSY, LARGE].map(scene => ({
      of: `CPU per delivered message, ${nameOfScene(scene)}`,
      figure: ratios.get(scene) ?? Number.NaN,
      unit: 'times one node',
      most: LARGE_MOST,
    })),
  };
}

/**
 * What a message costs in parts, as docs/many-nodes.md reckons with them: large and small rooms
 * differ by their people alone, one node and several by the nodes alone.
 */
function messageTable(large?: Pair, small?: Pair): { readonly table: Table; readonly bring: number } {
  const nodesOf = (name: 'cpuPerDelivery' | 'redisCpuPerDelivery' | 'postgresCpuPerDelivery') => {
    const perMessage = (pair: Pair | undefined, on: keyof Pair, { size }: Scene) =>
      (pair?.[on][name] ?? Number.NaN) * size;
    const person = (perMessage(large, 'one', LARGE) - perMessage(small, 'one', SMALL)) / (LARGE.size - SMALL.size);
    const node = (perMessage(small, 'spread', SMALL) - perMessage(small, 'one', SMALL)) / (NODES - 1);
    return { kept: perMessage(small, 'one', SMALL) - person * SMALL.size - node, node, person };
  };
  const row = (who: string, name: Parameters<typeof nodesOf>[0]) => {
    const { kept, node, person } = nodesOf(name);
    return [who, us(kept), us(node), us(person)];
  };
  const table = {
    title: 'What follows: the CPU of one message',
    columns: [
      'of',
      'by itself, with its share of 1,000 people’s idling',
      'for each node with people of the room',
      'for each person there',
    ],
    rows: [
      row('nodes', 'cpuPerDelivery'),
      row('Redis', 'redisCpuPerDelivery'),
      row('PostgreSQL', 'postgresCpuPerDelivery'),
    ],
  };
  return { table, bring: nodesOf('cpuPerDelivery').node };
}

function nameOfScene({ rooms, size, rate }: Scene): string {
  return `${String(rooms)} × ${String(size)}, ${whole(rate)}/s`;
}

function deliveryRow(scene: Scene, layout: Layout, figure: SpreadDelivery, ratio: string): string[] {
  const mark = keptUp(figure) ? '' : ' *';
  return [nameOfScene(scene), nameOf(layout) + mark, ...deliveryCells(figure), ratio];
}

function deliveryCells(figure: SpreadDelivery): string[] {
  const across = [figure.acrossP50, figure.acrossP99].map(value => (value > 0 ? ms(value) : ''));
  return [
    ...[figure.cpuPerDelivery, figure.redisCpuPerDelivery, figure.postgresCpuPerDelivery].map(us),
    figure.redisBytesPerDelivery.toFixed(1),
    whole(figure.deliveredPerSecond),
    ...[ms(figure.p50), ms(figure.p99), ...across, ms(figure.acknowledgedP50), ms(figure.acknowledgedP99)],
    share(figure.loadShare),
  ];
}

export async function inkTable(backing: Backing, { times }: Thoroughness): Promise<ClusterMeasured> {
  const row = async (layout: Layout) => {
    const { count, p50, p95, p99 } = await withNodes(backing, layout, nodes => measureInk(nodes, times));
    return { p95, cells: [nameOf(layout), whole(count), ms(p50), ms(p95), ms(p99)] };
  };
  const one = await row(ONE);
  const spread = await row(SPREAD);
  return {
    table: {
      title:
        'Ink, from pen to eye: a pen at each node, an eye at the next one, 60 samples a second, with the widget’s own session',
      columns: ['nodes', 'samples', 'p50', 'p95', 'p99'],
      rows: [
        one.cells,
        [...spread.cells.slice(0, 3), `${ms(spread.p95)} (at most ${ms(INK_MOST)})`, ...spread.cells.slice(4)],
      ],
    },
    bounds: [{ of: 'ink from pen to eye over two nodes, p95', figure: spread.p95, unit: 'ms', most: INK_MOST }],
  };
}

export async function connectionsTable(backing: Backing, { connections }: Thoroughness): Promise<ClusterMeasured> {
  const rows: string[][] = [];
  const measure = async (layout: Layout, room: number): Promise<ConnectionCosts> => {
    const withCollection: Layout = { ...layout, flags: ['--expose-gc'] };
    const costs = await withNodes(backing, withCollection, nodes =>
      measureConnections(nodes, backing, { ...connections, room }),
    );
    rows.push([nameOf(layout), String(room), ...connectionCells(costs)]);
    return costs;
  };
  await measure(ONE, 50);
  const spread = await measure(SPREAD, 50);
  // Each in a room of their own, which PostgreSQL is asked for once a second.
  const lonely = await measure(ONE, 1);
  const columns = [
    ...['nodes', 'people a room', 'to come: nodes’ CPU', 'Redis’', 'PostgreSQL’s'],
    ...['to be there, each second: nodes’ CPU', 'Redis’', 'PostgreSQL’s'],
    ...['memory in use', 'resident', 'Redis’'],
  ];
  const title = `Connections that say nothing, each of ${whole(connections.many)}`;
  const costs = {
    idle: spread.cpuPerSecond,
    come: spread.cpuToCome,
    memory: spread.live,
    redisCome: spread.redisCpuToCome,
    postgresLook: lonely.postgresCpuPerSecond,
  };
  return { table: { title, columns, rows }, bounds: [], costs };
}

function connectionCells(costs: ConnectionCosts): string[] {
  return [
    ...[costs.cpuToCome, costs.redisCpuToCome, costs.postgresCpuToCome].map(us),
    ...[costs.cpuPerSecond, costs.redisCpuPerSecond, costs.postgresCpuPerSecond].map(us),
    ...[costs.live, costs.resident, costs.redisMemory].map(kilobytes),
  ];
}

/** Each of the numbers by itself, in the middle of the rounds. */
function middleOf<Figures extends Readonly<Record<keyof Figures, number>>>(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {}) as (keyof Figures)[];
  return Object.fromEntries(names.map(name => [name, median(rounds.map(figures => figures[name]))])) as Figures;
}
