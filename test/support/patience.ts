/** Waiting that fails rather than hangs, and says what it waited for. */
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which nobody believes any longer that it comes, however busy the machine is. For whoever measures nothing. */
export const PATIENCE = 30_000;

/** Milliseconds between two looks. */
const EVERY = 20;

/** What `work` comes to; rejects with what `lament` says where that takes longer than so many milliseconds. */
export async function within<Value>(ms: number, work: Promise<Value>, lament: () => string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(lament())), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks again and again until it holds; rejects with what `lament` says where that takes longer than so many milliseconds, be it that a look
 * itself does not end.
 *
 * @returns milliseconds that it took
 */
export async function until(
  ms: number,
  holds: () => boolean | Promise<boolean>,
  lament: () => string,
): Promise<number> {
  const from = performance.now();
  const left = () => from + ms - performance.now();
  while (!(await within(left(), Promise.resolve(holds()), lament))) {
    if (left() < 0) throw new Error(lament());
    await pause(EVERY);
  }
  return performance.now() - from;
}
