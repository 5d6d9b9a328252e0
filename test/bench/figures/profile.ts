import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DialectName } from '../load/dialect.js';
import { deliver, type Scene, type Times } from './delivery.js';
import { withPeer } from './rounds.js';

/** A profile as V8 writes it, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/**
 * What a thread's time went into: the busiest places, in shares of the time that it was not idle.
 */
export interface ThreadProfile {
  /** Seconds that it was busy. */
  readonly busy: number;
  readonly places: readonly { readonly place: string; readonly share: number }[];
}

/**
 * Profiles a server in a scene: one for each of its threads, the busiest first. Profiling itself
 * costs, so no figures are taken.
 */
export async function profile(dialect: DialectName, scene: Scene, times: Times): Promise<readonly ThreadProfile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-profile-'));
  try {
    const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
    await withPeer(dialect, { flags }, (peer, load) => deliver(peer, load, scene, times));
    const files = await readdir(folder);
    const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
    const threads = texts.map(text => shares(JSON.parse(text) as CpuProfile));
    return threads.sort((one, other) => other.busy - one.busy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const NOT_BUSY = new Set(['(idle)', '(root)', '(program)']);

function shares({ nodes, samples, timeDeltas }: CpuProfile): ThreadProfile {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const place = places.get(id) ?? '';
    if (NOT_BUSY.has(place)) continue;
    const time = Math.max(0, timeDeltas[index] ?? 0);
    busy += time;
    spent.set(place, (spent.get(place) ?? 0) + time);
  }
  const sorted = [...spent].sort(([, one], [, other]) => other - one);
  return { busy: busy / 1_000_000, places: sorted.map(([place, time]) => ({ place, share: time / busy })) };
}

/**
 * The function and the file in which it stands, from its package or from the root of this project.
 */
function placeOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^.*\/dist\//, '');
  const name = functionName || '(anonymous)';
  return file ? `${name} ${file}` : name;
}
