import { refusal } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Connection } from './connection.js';
import type { EngineConnection } from './engine-connection.js';

/**
 * When clients should return if the only server closes, in milliseconds. The times are spread so
 * widely that one core can admit them easily (measured: 0.6 ms a connection).
 */
const RETURN = { from: 500, overAtLeast: 4_500, perClient: 2 };
/** Over how long clients are moved to other nodes, in milliseconds: those must admit them. */
const MOVE = { overAtLeast: 2_000, perClient: 2 };
/** Milliseconds between two groups that are moved. */
const STEP = 50;
/**
 * When moved clients should reconnect, in milliseconds. Their next address may still be this
 * node's.
 */
const THERE = { from: 50, over: 150 };
/** Milliseconds for connections to read why they are closed. */
const FAREWELL = 1_000;

/** After how many milliseconds a moved client should reconnect. */
export function sentElsewhere(): number {
  return Math.round(THERE.from + Math.random() * THERE.over);
}

/**
 * Moves people to other nodes, a few at a time, while the rest are served. Resolves when all are
 * told.
 *
 * @param within milliseconds that it may take
 */
export async function moveAway(
  people: readonly Pick<Connection, 'bye'>[],
  within: number,
  clock: Clock,
): Promise<void> {
  const over = Math.min(within, Math.max(MOVE.overAtLeast, people.length * MOVE.perClient));
  const steps = Math.max(1, Math.floor(over / STEP));
  const staying = shuffled(people);
  for (let step = 1; staying.length > 0; step += 1) {
    const stay = Math.floor(people.length * (1 - step / steps));
    for (const connection of staying.splice(Math.max(0, stay))) {
      connection.bye(refusal('unavailable', sentElsewhere()));
    }
    if (staying.length > 0) await new Promise<void>(resolve => void clock.after(STEP, resolve));
  }
}

/**
 * Tells everyone to return later, at spread times. Resolves when they have gone, but does not wait
 * long for those who don't read.
 *
 * @param sent connections that were told before, and may not have read it yet
 * @param returnAfter milliseconds until a client should return, given how many there are; default:
 *   spread over the time of a restart
 */
export async function sayFarewell(
  people: readonly Connection[],
  sent: readonly EngineConnection[],
  clock: Clock,
  returnAfter: (count: number) => number = sometime,
): Promise<void> {
  const leaving = [...sent, ...people.map(({ socket }) => socket.conn)];
  for (const connection of people) connection.bye(refusal('unavailable', returnAfter(people.length)));
  await gone(
    leaving.filter(({ readyState }) => readyState !== 'closed'),
    clock,
  );
}

function sometime(count: number): number {
  return Math.round(RETURN.from + Math.random() * Math.max(RETURN.overAtLeast, count * RETURN.perClient));
}

async function gone(leaving: readonly EngineConnection[], clock: Clock): Promise<void> {
  if (leaving.length === 0) return;
  await new Promise<void>(resolve => {
    const cancel = clock.after(FAREWELL, resolve);
    let left = leaving.length;
    for (const connection of leaving) {
      connection.once('close', () => {
        left -= 1;
        if (left > 0) return;
        cancel();
        resolve();
      });
    }
  });
}

/** In random order, or all people of one site would go at once. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map(item => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
