/** What every server under measurement is asked of itself. */
import { setTimeout as wait } from 'node:timers/promises';

/**
 * How often garbage is collected before memory is read: what one collection lets go of may free
 * more in the next.
 */
const COLLECTIONS = 4;

/** Memory of a process, in bytes. */
export interface MemoryFigure {
  /** What is in use: on the heap of the main thread, and outside of it on its behalf. */
  readonly live: number;
  /** What the system has given and not got back, of all threads. */
  readonly resident: number;
}

export const measured = {
  /** After garbage is collected. The process must run with `--expose-gc`. */
  async memory(): Promise<MemoryFigure> {
    const { gc } = globalThis;
    if (!gc) throw new Error('Run with --expose-gc.');
    for (let round = 0; round < COLLECTIONS; round += 1) {
      gc();
      await wait(100);
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { live: heapUsed + external, resident: rss };
  },
};
