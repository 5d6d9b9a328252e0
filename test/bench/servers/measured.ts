/** What every server under measurement is asked of itself. */
import { resourceUsage } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

/** CPU of all threads so far, in microseconds, and memory that is really there, in bytes. */
export interface Usage {
  readonly cpu: number;
  /** Given by the process to others, and taken from it by others. */
  readonly contextSwitches: number;
}

/** How often garbage is collected before memory is read: what one collection lets go of may free more in the next. */
const COLLECTIONS = 4;

export const measured = {
  usage(): Usage {
    // Of the whole process, the database's thread and those of the disk included.
    const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } = resourceUsage();
    return {
      cpu: userCPUTime + systemCPUTime,
      contextSwitches: voluntaryContextSwitches + involuntaryContextSwitches,
    };
  },
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
