/**
 * From what single things cost to what many people need: docs/many-nodes.md says in words what is
 * reckoned here.
 */
import { type Table, whole } from '../report.js';

/** CPU in microseconds, memory in kilobytes. */
export interface Costs {
  /** Of nodes: a second of a connection that says nothing; one that comes. */
  readonly idle: number;
  readonly come: number;
  /** A message that is kept; that is brought to one more node; that is delivered to one person. */
  readonly keep: number;
  readonly bring: number;
  readonly deliver: number;
  /** A connection's. */
  readonly memory: number;
  /** Of Redis: a message that is sent on to one node; a connection that comes. */
  readonly relay: number;
  readonly redisCome: number;
  /** Of PostgreSQL: a message that is kept; a look how far one room is. */
  readonly postgresKeep: number;
  readonly postgresLook: number;
  /** Bytes of its log for a message that is kept. */
  readonly wal: number;
}

/** Who is there and what they do. */
interface Crowd {
  readonly name: string;
  readonly nodes: number;
  readonly people: number;
}

/**
 * A large school's day: rooms of 50, a message a minute, somebody drawing one second of 200, half
 * an hour's stay.
 */
const ROOM = 50;
const MESSAGES = 1 / 60;
const DRAWING = 1 / 200;
const STAY = 1_800;
/** Live frames a second: of a pen, and to each reader of a room in which somebody draws. */
const PEN = 30;
const TICKS = 20;

const CROWDS: readonly Crowd[] = [
  { name: 'one cell', nodes: 4, people: 6_000 },
  { name: 'a million in 167 cells of 4 nodes', nodes: 4, people: 1_000_000 },
  { name: 'a million on 160 nodes, not in cells', nodes: 160, people: 1_000_000 },
];

export function reckoningTable(costs: Costs): Table {
  const columns = [
    ...[
      '',
      'nodes of a room',
      'cores of nodes',
      'of which idle and coming',
      'messages',
      'ink',
      'memory of connections',
    ],
    ...['Redis: messages/s out', 'cores', 'PostgreSQL: appends/s', 'looks/s', 'cores', 'log'],
  ];
  return { title: 'What follows, on paper', columns, rows: CROWDS.map(crowd => row(crowd, costs)) };
}

function row({ name, nodes, people }: Crowd, costs: Costs): string[] {
  // Of a room whose people came to their nodes by chance.
  const spread = nodes * (1 - (1 - 1 / nodes) ** ROOM);
  const messages = people * MESSAGES;
  const pens = people * DRAWING * PEN;
  const coming = people / STAY;
  const frames = people * (1 - (1 - DRAWING) ** ROOM) * TICKS;
  const looks = (people / ROOM) * spread;
  const being = cores(people * costs.idle + coming * costs.come);
  const talk = cores(messages * (costs.keep + (spread - 1) * costs.bring + ROOM * costs.deliver));
  const ink = cores(pens * (spread - 1) * costs.bring + frames * costs.deliver);
  // Who comes and who goes is told to the other nodes as well.
  const relayed = (messages + pens + 2 * coming) * (spread - 1);
  return [
    name,
    spread.toFixed(1),
    ...[being + talk + ink, being, talk, ink].map(spelled),
    `${spelled((people * costs.memory) / 1_000_000)} GB`,
    whole(relayed),
    spelled(cores(relayed * costs.relay + coming * costs.redisCome)),
    whole(messages),
    whole(looks),
    spelled(cores(messages * costs.postgresKeep + looks * costs.postgresLook)),
    `${spelled((messages * costs.wal) / 1_000_000)} MB/s`,
  ];
}

function cores(microseconds: number): number {
  return microseconds / 1_000_000;
}

function spelled(figure: number): string {
  return figure.toFixed(figure < 10 ? 1 : 0);
}
