import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Latencies, type LatencyReport } from '../load/latencies.js';

const SYNCS = 300;
/** What a small commit writes: a page and its header. */
const BYTES = 4_120;

/**
 * What this machine's disk takes, in milliseconds, to have a page that was written behind another
 * one: no durable server is faster.
 */
export function measureDisk(): LatencyReport {
  const file = join(tmpdir(), `chalk-talk-disk-${String(process.pid)}`);
  const handle = openSync(file, 'w');
  const times = new Latencies();
  try {
    for (let round = 0; round < SYNCS; round += 1) {
      const start = performance.now();
      writeSync(handle, Buffer.alloc(BYTES, round));
      fdatasyncSync(handle);
      times.add(performance.now() - start);
    }
  } finally {
    closeSync(handle);
    rmSync(file);
  }
  return times.report();
}
