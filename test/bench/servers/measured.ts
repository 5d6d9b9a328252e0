/** What every server under measurement is asked of itself. */
import { setTimeout as wait } from 'node:timers/promises';

/** How often garbage is collected before memory is read: what one collection lets go of may free more in the next. */
const COLLECTIONS = 4;

export const measured = {
  /** Resident bytes, after garbage is collected. The process must run with `--expose-gc`. */
  async memory(): Promise<number> {
    const { gc } = globalThis;
    if (!gc) throw new Error('Run with --expose-gc.');
    for (let round = 0; round < COLLECTIONS; round += 1) {
      gc();
      await wait(100);
    }
    return process.memoryUsage().rss;
  },
};
