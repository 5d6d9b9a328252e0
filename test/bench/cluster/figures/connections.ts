import { setTimeout as wait } from 'node:timers/promises';

import type { Backing } from '../backing.js';
import type { Nodes } from '../nodes.js';
import { spentSince } from '../usage.js';

/** What connections cost that say nothing. */
export interface ConnectionCosts {
  /** Microseconds of CPU for each that comes. */
  readonly cpuToCome: number;
  readonly redisCpuToCome: number;
  readonly postgresCpuToCome: number;
  /** Microseconds of CPU a second for each that is there. */
  readonly cpuPerSecond: number;
  readonly redisCpuPerSecond: number;
  readonly postgresCpuPerSecond: number;
  /** Kilobytes of the nodes' memory that each takes. */
  readonly live: number;
  readonly resident: number;
  /** And of Redis'. */
  readonly redisMemory: number;
}

/**
 * Connections that are there before anything is measured: what the first ones bring into memory
 * serves all.
 */
const FIRST = 300;
/** Milliseconds in which what comes with an arrival, presence above all, is told. */
const SETTLED = 1_500;
const KILOBYTE = 1_024;

/** How many come, how many of them share a room, and how many seconds they are watched then. */
export interface Arrivals {
  readonly many: number;
  readonly room: number;
  readonly idle: number;
}

export async function measureConnections(
  nodes: Nodes,
  backing: Backing,
  { many, room, idle }: Arrivals,
): Promise<ConnectionCosts> {
  const members = await nodes.members((FIRST + many) / room, room);
  const gather = async (from: number, until: number) => {
    await nodes.gather(members.slice(from, until));
    await wait(SETTLED);
    return { memory: await nodes.memory(), redis: await backing.redisMemory() };
  };
  const first = await gather(0, FIRST);
  const empty = await nodes.usage();
  await nodes.gather(members.slice(FIRST));
  await wait(SETTLED);
  const came = await nodes.usage();
  const start = performance.now();
  await wait(idle * 1_000);
  const later = await nodes.usage();
  const seconds = (performance.now() - start) / 1_000;
  const all = await gather(members.length, members.length);
  await nodes.load.ask('read');
  const coming = spentSince(came, empty);
  const being = spentSince(later, came);
  const perSecond = (spent: number) => spent / members.length / seconds;
  return {
    cpuToCome: coming.nodes / many,
    redisCpuToCome: coming.redis / many,
    postgresCpuToCome: coming.postgres / many,
    cpuPerSecond: perSecond(being.nodes),
    redisCpuPerSecond: perSecond(being.redis),
    postgresCpuPerSecond: perSecond(being.postgres),
    live: (all.memory.live - first.memory.live) / KILOBYTE / many,
    resident: (all.memory.resident - first.memory.resident) / KILOBYTE / many,
    redisMemory: (all.redis - first.redis) / KILOBYTE / many,
  };
}
