/** Waiting that fails rather than hangs. */
import { setTimeout as pause } from 'node:timers/promises';

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

/** Looks again and again until it holds; rejects where that takes longer than so many milliseconds. @returns how long it took */
export async function until(
  ms: number,
  holds: () => boolean | Promise<boolean>,
  lament: () => string,
): Promise<number> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > ms) throw new Error(lament());
    await pause(EVERY);
  }
  return performance.now() - from;
}
