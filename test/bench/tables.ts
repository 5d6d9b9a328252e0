/** Each figure of the bench: measured, and set into a table with what it must stay within. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Storage } from '../../server/domain/storage.js';
import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import { measureEndToEnd, measurePort } from './figures/appends.js';
import { measureDelivery, medianDelivery, type DeliveryFigure, type Scene, type Times } from './figures/delivery.js';
import { measureDisk } from './figures/disk.js';
import { measureMemory } from './figures/memory.js';
import { median } from './figures/rounds.js';
import { type Bound, ms, share, type Table, whole } from './report.js';

/** A table and the bounds that its figures are held to. */
export interface Measured {
  readonly table: Table;
  /** What follows from it. */
  readonly also?: Table;
  readonly bounds: readonly Bound[];
}

/** How thoroughly it is measured. */
export interface Thoroughness {
  readonly rounds: number;
  readonly times: Times;
}

const SCENES: readonly { readonly scene: Scene; readonly most: number }[] = [
  { scene: { rooms: 1, size: 200, rate: 1_000 }, most: 1 },
  { scene: { rooms: 20, size: 50, rate: 1_000 }, most: 1.5 },
];
const MEMORY_MOST = 1.3;
/** Messages a second at which the time to an acknowledgement is taken. */
const ACKNOWLEDGED: Scene = { rooms: 20, size: 50, rate: 200 };
/** Rooms in a turn of the storage port. */
const PER_TURN = [1, 50, 1_000];
/** Messages that each of 1,000 people has under way. */
const WINDOW = 5;

const TIMES_THE_RELAY = 'times the relay';

export async function cpuTable({ rounds, times }: Thoroughness): Promise<Measured> {
  const rows: string[][] = [];
  const bounds: Bound[] = [];
  for (const { scene, most } of SCENES) {
    const of = `${String(scene.rooms)} × ${String(scene.size)}`;
    const both = await measureDelivery(scene, times, rounds);
    const relay = medianDelivery(both.relay);
    const ours = medianDelivery(both.ours);
    // Of each pair of neighbours, which met the same machine.
    const ratio = median(
      both.ours.map(({ cpuPerDelivery }, index) => cpuPerDelivery / (both.relay[index]?.cpuPerDelivery ?? 0)),
    );
    rows.push(
      [of, 'relay', ...cells(relay), '1'],
      [of, 'ours', ...cells(ours), `${ratio.toFixed(2)} (at most ${most.toFixed(1)})`],
    );
    bounds.push({ of: `CPU per delivered message, ${of}`, figure: ratio, unit: TIMES_THE_RELAY, most });
  }
  const columns = [
    'rooms × people',
    'server',
    'CPU per delivery',
    'CPU of a core',
    'sent/s',
    'delivered/s',
    'delivery p50',
    'p99',
    'ack p50',
    'p99',
    'load CPU',
    'ratio',
  ];
  return { table: { title: 'CPU per delivered message at 1,000 messages a second', columns, rows }, bounds };
}

function cells(figure: DeliveryFigure): string[] {
  return [
    `${figure.cpuPerDelivery.toFixed(2)} µs`,
    share(figure.cpuShare),
    whole(figure.sentPerSecond),
    whole(figure.deliveredPerSecond),
    ...[figure.p50, figure.p99, figure.acknowledgedP50, figure.acknowledgedP99].map(ms),
    share(figure.loadShare),
  ];
}

export async function memoryTable({ rounds }: Thoroughness): Promise<Measured> {
  const both = await measureMemory(rounds);
  const figures = (['live', 'resident'] as const).map(kind => {
    const relay = both.relay.map(figure => figure[kind]);
    const ours = both.ours.map(figure => figure[kind]);
    return { kind, relay, ours, ratio: median(ours) / median(relay) };
  });
  const each = (kilobytes: readonly number[]) => kilobytes.map(one => one.toFixed(1)).join(', ');
  const names = { live: 'in use, 1,000 connections', resident: 'resident, 4,000 connections' };
  return {
    table: {
      title: 'Memory per idle connection, rooms of 50, after garbage collection',
      columns: ['what', 'server', 'a connection', 'rounds', 'ratio'],
      rows: figures.flatMap(({ kind, relay, ours, ratio }) => [
        [names[kind], 'relay', `${median(relay).toFixed(1)} KB`, each(relay), '1'],
        [
          names[kind],
          'ours',
          `${median(ours).toFixed(1)} KB`,
          each(ours),
          `${ratio.toFixed(2)} (at most ${MEMORY_MOST.toFixed(1)})`,
        ],
      ]),
    },
    bounds: figures.map(({ kind, ratio }) => ({
      of: `memory per idle connection, ${names[kind]}`,
      figure: ratio,
      unit: TIMES_THE_RELAY,
      most: MEMORY_MOST,
    })),
  };
}

export async function acknowledgementTable({ rounds, times }: Thoroughness): Promise<Measured> {
  const both = await measureDelivery(ACKNOWLEDGED, times, rounds);
  const row = (name: string, figure: DeliveryFigure) => {
    return [name, ...[figure.acknowledgedP50, figure.acknowledgedP99, figure.p50, figure.p99].map(ms)];
  };
  return {
    table: {
      title: 'Time to the acknowledgement at 200 messages a second, 20 rooms of 50',
      columns: ['server', 'ack p50', 'ack p99', 'delivery p50', 'delivery p99'],
      rows: [
        row('relay (keeps nothing)', medianDelivery(both.relay)),
        row('ours (on the disk)', medianDelivery(both.ours)),
      ],
    },
    bounds: [],
  };
}

export async function appendsTable(): Promise<Measured> {
  const disk = measureDisk();
  const rows = [
    [`the disk: 4 KB and fdatasync`, `${whole(1_000 / disk.p50)} a second`, `p50 ${ms(disk.p50)}, p99 ${ms(disk.p99)}`],
  ];
  for (const perTurn of PER_TURN) {
    const perSecond = await inNewFile(storage => measurePort(storage, { perTurn, lanes: 1 }));
    rows.push([`storage port, ${whole(perTurn)} rooms a turn`, `${whole(perSecond)} a second`, '']);
  }
  const { perSecond, p50, p99, serverShare, loadShare } = await measureEndToEnd(WINDOW);
  const note = `ack p50 ${ms(p50)}, p99 ${ms(p99)}; CPU ${share(serverShare)}, load ${share(loadShare)}`;
  rows.push([`over sockets, 1,000 rooms, ${String(WINDOW)} under way in each`, `${whole(perSecond)} a second`, note]);
  return { table: { title: 'Durable appends', columns: ['where', 'messages', 'terms'], rows }, bounds: [] };
}

/** Lets a new SQLite file be measured, gone afterwards. */
async function inNewFile(measure: (storage: Storage) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-bench-'));
  const storage = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: randomBytes(32).toString('hex') });
  try {
    return await measure(storage);
  } finally {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}
