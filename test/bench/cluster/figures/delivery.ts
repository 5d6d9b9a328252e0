import { setTimeout as wait } from 'node:timers/promises';

import type { Scene, Times } from '../../figures/delivery.js';
import type { Nodes } from '../nodes.js';
import { spentSince } from '../usage.js';

/** What delivering cost. CPU in microseconds, times in milliseconds. */
export interface SpreadDelivery {
  /** Of all nodes together, for each message that reached somebody. */
  readonly cpuPerDelivery: number;
  readonly redisCpuPerDelivery: number;
  readonly postgresCpuPerDelivery: number;
  /** Bytes that Redis was sent and has sent, for each message that reached somebody. */
  readonly redisBytesPerDelivery: number;
  readonly deliveredPerSecond: number;
  /** From when a message was due until somebody received it. */
  readonly p50: number;
  readonly p99: number;
  /** The same for those who are on another node than its author; 0 where nobody is. */
  readonly acrossP50: number;
  readonly acrossP99: number;
  readonly acknowledgedP50: number;
  readonly acknowledgedP99: number;
  /** Of one core, the load's own. */
  readonly loadShare: number;
  /**
   * Messages received, of all that ought to have been: where it is not about 1 they pile up, or
   * what had piled up is worked off.
   */
  readonly received: number;
}

/** Milliseconds that half of the messages take at most where none pile up. */
const PILED_UP = 250;

/**
 * Whether the servers kept up with what was said: else a figure says nothing of what a message
 * costs.
 */
export function keptUp({ received, p50 }: SpreadDelivery): boolean {
  return Math.abs(received - 1) < 0.05 && p50 < PILED_UP;
}

/** Has messages said at a steady pace in rooms that are spread over all nodes. */
export async function deliverSpread(nodes: Nodes, scene: Scene, times: Times): Promise<SpreadDelivery> {
  const { load } = nodes;
  await nodes.gather(await nodes.members(scene.rooms, scene.size));
  await load.ask('pace', scene.rate);
  await wait(times.warmUp * 1_000);
  await load.ask('mark');
  const before = await nodes.usage();
  const start = performance.now();
  await wait(times.measured * 1_000);
  const spent = spentSince(await nodes.usage(), before);
  const report = await load.ask('read');
  const seconds = (performance.now() - start) / 1_000;
  await load.ask('stop');
  // Servers that refuse what they are to deliver have no figure.
  if (report.refused > 0) {
    throw new Error(
      `${String(report.refused)} of ${String(report.sent)} messages were refused: ${report.refusal ?? ''}`,
    );
  }
  const { deliveries } = report;
  return {
    cpuPerDelivery: spent.nodes / deliveries,
    redisCpuPerDelivery: spent.redis / deliveries,
    postgresCpuPerDelivery: spent.postgres / deliveries,
    redisBytesPerDelivery: (spent.redisIn + spent.redisOut) / deliveries,
    deliveredPerSecond: deliveries / seconds,
    p50: report.delivery.p50,
    p99: report.delivery.p99,
    acrossP50: report.across.p50,
    acrossP99: report.across.p99,
    acknowledgedP50: report.acknowledgement.p50,
    acknowledgedP99: report.acknowledgement.p99,
    loadShare: report.cpu / 1_000_000 / seconds,
    received: deliveries / (report.sent * scene.size),
  };
}
