import { setTimeout as wait } from 'node:timers/promises';

import type { Nodes } from '../nodes.js';
import { spentSince } from '../usage.js';

/**
 * What nodes keep whose people all say as much as they can. CPU in microseconds, times in
 * milliseconds.
 */
export interface Saturated {
  readonly perSecond: number;
  /** The share of the node that got the least, of that which got the most. */
  readonly fairness: number;
  readonly acknowledgedP50: number;
  readonly acknowledgedP99: number;
  /** As `/metrics` says it: from the start of a turn until storage hands its rooms over. */
  readonly turnWaitP50: number;
  readonly turnWaitP99: number;
  /** Messages that share a turn. */
  readonly perTurn: number;
  readonly cpuPerAppend: number;
  readonly postgresCpuPerAppend: number;
  readonly redisCpuPerAppend: number;
  /** Bytes that PostgreSQL writes to its log for each. */
  readonly walPerAppend: number;
}

/**
 * So many people in each of so many rooms, spread over all nodes, each with `window` messages under
 * way at any time.
 */
export interface Saturation {
  readonly rooms: number;
  readonly size: number;
  readonly window: number;
}

export async function saturate(
  nodes: Nodes,
  { rooms, size, window }: Saturation,
  seconds: { readonly warmUp: number; readonly measured: number },
): Promise<Saturated> {
  const { load } = nodes;
  await nodes.gather(await nodes.members(rooms, size));
  await load.ask('saturate', window);
  await wait(seconds.warmUp * 1_000);
  await load.ask('mark');
  const [before, metricsBefore] = [await nodes.usage(), await nodes.metrics()];
  const start = performance.now();
  await wait(seconds.measured * 1_000);
  const spent = spentSince(await nodes.usage(), before);
  const report = await load.ask('read');
  const elapsed = (performance.now() - start) / 1_000;
  const metrics = (await nodes.metrics()).since(metricsBefore);
  await load.ask('stop');
  if (report.refused > 0) {
    throw new Error(
      `${String(report.refused)} of ${String(report.sent)} messages were refused: ${report.refusal ?? ''}`,
    );
  }
  const perNode = nodes.ports.map(port => report.accepted[port] ?? 0);
  const appends = perNode.reduce((sum, count) => sum + count, 0);
  const turnWait = (share: number) => metrics.quantile('chalk_talk_turn_wait_seconds', share) * 1_000;
  return {
    perSecond: appends / elapsed,
    fairness: Math.min(...perNode) / Math.max(...perNode),
    acknowledgedP50: report.acknowledgement.p50,
    acknowledgedP99: report.acknowledgement.p99,
    turnWaitP50: turnWait(0.5),
    turnWaitP99: turnWait(0.99),
    perTurn: appends / metrics.value('chalk_talk_turn_wait_seconds_count'),
    cpuPerAppend: spent.nodes / appends,
    postgresCpuPerAppend: spent.postgres / appends,
    redisCpuPerAppend: spent.redis / appends,
    walPerAppend: spent.wal / appends,
  };
}
