import type { Crowd } from './crowd.js';

/** Milliseconds between two looks at what is due. */
const LOOK = 1;

/**
 * Steps of a fixed sequence that looks random (a linear congruential generator, Numerical Recipes),
 * the same at each run.
 */
function* dice(): Generator<number, never> {
  let state = 20_000_101;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/**
 * Sends at a steady rate by the clock, whatever comes back and however late: a server that stalls
 * meets all that became due meanwhile. Who speaks is drawn anew each time, so that rooms are met in
 * no order.
 *
 * @param rate messages a second
 * @returns ends it
 */
export function sendAtPace(crowd: Crowd, rate: number): () => void {
  const random = dice();
  const gap = 1_000 / rate;
  let due = performance.now() + gap;
  const timer = setInterval(() => {
    const now = performance.now();
    for (; due <= now; due += gap) crowd.say(Math.floor(random.next().value * crowd.size), due);
  }, LOOK);
  return () => clearInterval(timer);
}

/**
 * Sends as fast as answers come: every connection has `window` messages on the way, as an outbox
 * that is full would.
 *
 * @returns ends it
 */
export function sendUnderWay(crowd: Crowd, window: number): () => void {
  crowd.onAnswer = connection => crowd.say(connection, performance.now());
  for (let round = 0; round < window; round += 1) {
    for (let connection = 0; connection < crowd.size; connection += 1) crowd.say(connection, performance.now());
  }
  return () => (crowd.onAnswer = () => undefined);
}
