import { refusal } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Connection } from './connection.js';
import type { EngineConnection } from './engine-connection.js';

/**
 * When clients are told to come back when the only server goes, in milliseconds: each at another
 * time, over so long that no more of them come at once than one core lets in with ease (measured: a
 * connection costs 0.6 ms).
 */
const RETURN = { from: 500, overAtLeast: 4_500, perClient: 2 };
/** Over how long clients are sent to other nodes, in milliseconds: those have to let them in. */
const MOVE = { overAtLeast: 2_000, perClient: 2 };
/** Milliseconds between two groups that are sent there. */
const STEP = 50;
/**
 * When they are to be there, in milliseconds. The next address that they are given may be this
 * node's still.
 */
const THERE = { from: 50, over: 150 };
/** Milliseconds that connections have for reading why they are closed. */
const FAREWELL = 1_000;

/** In how many milliseconds somebody is to come who is sent to another node. */
export function sentElsewhere(): number {
  return Math.round(THERE.from + Math.random() * THERE.over);
}

/**
 * Sends people to other nodes, a few at a time, while the rest are served: each is out for a moment
 * only. Ends when all are sent.
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
 * Tells everyone at once to come back, each at another time, and ends when they have gone; but does
 * not wait long for those who don't read.
 *
 * @param sent connections of those who were told so before, and may not have read it yet
 * @param returnAfter milliseconds until somebody is to come back, of so many; default spread over
 *   the time in which a server starts again
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

/** In an order of chance: else those of one site would all go at once. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map(item => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
