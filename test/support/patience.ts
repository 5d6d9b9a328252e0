/**
 * Waiting that fails rather than hangs, and says what it waited for. Its milliseconds are those
 * that this process lives through: where the machine is busy with others and turns come late, each
 * still counts as one.
 */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Milliseconds after which nobody believes any longer that it comes. For whoever measures nothing.
 */
export const PATIENCE = 30_000;

/** Milliseconds between two looks, and what a turn of this process counts as. */
const EVERY = 20;

/**
 * What `work` comes to; rejects with what `lament` says where that takes longer than so many
 * milliseconds.
 */
export async function within<Value>(ms: number, work: Promise<Value>, lament: () => string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    let left = ms;
    timer = setInterval(
      () => {
        left -= EVERY;
        if (left <= 0) reject(new Error(lament()));
      },
      Math.max(1, Math.min(ms, EVERY)),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Looks again and again until it holds; rejects with what `lament` says where that takes longer
 * than so many milliseconds, be it that a look itself does not end.
 *
 * @returns milliseconds that it took by the clock on the wall
 */
export async function until(
  ms: number,
  holds: () => boolean | Promise<boolean>,
  lament: () => string,
): Promise<number> {
  const from = performance.now();
  const over = new AbortController();
  const looking = (async () => {
    while (!(await holds()) && !over.signal.aborted) await pause(EVERY);
  })();
  await within(ms, looking, lament).finally(() => over.abort());
  return performance.now() - from;
}
