/** Each figure of several nodes: measured, and set into a table with what it must stay within. */
import { median } from '../figures/rounds.js';
import type { Scene, Times } from '../figures/delivery.js';
import { ms, share, whole } from '../report.js';
import type { Measured } from '../tables.js';
import type { Backing } from './backing.js';
import { measureConnections, type ConnectionCosts } from './figures/connections.js';
import { deliverSpread, type SpreadDelivery } from './figures/delivery.js';
import { measureInk } from './figures/ink.js';
import { type Layout, withNodes } from './nodes.js';

/** How thoroughly it is measured. */
export interface Thoroughness {
  /** Pairs of one node and three, of which the middle counts. */
  readonly rounds: number;
  readonly times: Times;
  /** Connections that come, and seconds that they are watched. */
  readonly connections: { readonly many: number; readonly idle: number };
}

export const NODES = 3;
const SQLITE: Layout = { nodes: 1, on: 'sqlite' };
const ONE: Layout = { nodes: 1, on: 'postgres' };
const SPREAD: Layout = { nodes: NODES, on: 'postgres' };

/** Rooms of 200 are held to the bound, as busy as `npm run bench` has them and as busy as a lecture; small ones stand beside. */
const SCENES: readonly { readonly scene: Scene; readonly most?: number }[] = [
  { scene: { rooms: 1, size: 200, rate: 1_000 }, most: 1.3 },
  { scene: { rooms: 5, size: 200, rate: 200 }, most: 1.3 },
  { scene: { rooms: 100, size: 10, rate: 500 } },
];
/** Milliseconds. */
const INK_MOST = 200;

const us = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} µs`;
const kilobytes = (value: number) => `${value.toFixed(1)} KB`;
const nameOf = ({ nodes, on }: Layout) => (on === 'sqlite' ? '1, SQLite' : String(nodes));

export async function deliveryTable(backing: Backing, { rounds, times }: Thoroughness): Promise<Measured> {
  const rows: string[][] = [];
  const bounds: Measured['bounds'][number][] = [];
  for (const { scene, most } of SCENES) {
    const of = `${String(scene.rooms)} × ${String(scene.size)}, ${whole(scene.rate)}/s`;
    const measure = (layout: Layout) => withNodes(backing, layout, nodes => deliverSpread(nodes, scene, times));
    const row = (layout: Layout, figure: SpreadDelivery, ratio: string) => {
      rows.push([of, nameOf(layout), ...deliveryCells(figure), ratio]);
    };
    row(SQLITE, await measure(SQLITE), '');
    const pairs: { readonly one: SpreadDelivery; readonly spread: SpreadDelivery }[] = [];
    while (pairs.length < rounds) pairs.push({ one: await measure(ONE), spread: await measure(SPREAD) });
    // Of each pair of neighbours, which met the same machine.
    const ratio = median(pairs.map(({ one, spread }) => spread.cpuPerDelivery / one.cpuPerDelivery));
    row(ONE, middle(pairs.map(({ one }) => one)), '1');
    const wanted = most === undefined ? '' : ` (at most ${most.toFixed(1)})`;
    row(SPREAD, middle(pairs.map(({ spread }) => spread)), `${ratio.toFixed(2)}${wanted}`);
    if (most === undefined) continue;
    bounds.push({ of: `CPU per delivered message, ${of}`, figure: ratio, unit: 'times one node', most });
  }
  const columns = [
    ...['rooms × people, sent', 'nodes', 'nodes’ CPU a delivery', 'Redis’', 'PostgreSQL’s', 'Redis’ bytes'],
    ...['delivered/s', 'delivery p50', 'p99', 'to another node p50', 'p99', 'ack p50', 'p99', 'load CPU', 'ratio'],
  ];
  return { table: { title: 'CPU per delivered message, rooms spread over all nodes', columns, rows }, bounds };
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

export async function inkTable(backing: Backing, { times }: Thoroughness): Promise<Measured> {
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

export async function connectionsTable(backing: Backing, { connections }: Thoroughness): Promise<Measured> {
  const flags = ['--expose-gc'];
  const row = async (layout: Layout) => {
    const costs = await withNodes(backing, { ...layout, flags }, nodes =>
      measureConnections(nodes, backing, connections),
    );
    return [nameOf(layout), ...connectionCells(costs)];
  };
  const columns = [
    ...['nodes', 'to come: nodes’ CPU', 'Redis’', 'PostgreSQL’s'],
    ...['to be there, each second: nodes’ CPU', 'Redis’', 'PostgreSQL’s'],
    ...['memory in use', 'resident', 'Redis’'],
  ];
  const title = `Connections that say nothing, ${whole(connections.many)} in rooms of 50, each`;
  return { table: { title, columns, rows: [await row(ONE), await row(SPREAD)] }, bounds: [] };
}

function connectionCells(costs: ConnectionCosts): string[] {
  return [
    ...[costs.cpuToCome, costs.redisCpuToCome, costs.postgresCpuToCome].map(us),
    ...[costs.cpuPerSecond, costs.redisCpuPerSecond, costs.postgresCpuPerSecond].map(us),
    ...[costs.live, costs.resident, costs.redisMemory].map(kilobytes),
  ];
}

/** Each of the numbers by itself, in the middle of the rounds. */
function middle<Figures extends Readonly<Record<keyof Figures, number>>>(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {}) as (keyof Figures)[];
  return Object.fromEntries(names.map(name => [name, median(rounds.map(figures => figures[name]))])) as Figures;
}
