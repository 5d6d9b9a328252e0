import { setTimeout as wait } from 'node:timers/promises';

import { Child } from '../../ask.js';
import type { Times } from '../../figures/delivery.js';
import type { LatencyReport } from '../../load/latencies.js';
import type { Pair, PensAnswers, Place } from '../../load/pens.js';
import type { Nodes } from '../nodes.js';

const ROOM = 'drawing';

/**
 * Milliseconds from a pen's sample until somebody on another node can paint it: a pen at each node,
 * an eye at the next one.
 */
export async function measureInk(nodes: Nodes, times: Times): Promise<LatencyReport> {
  const pens = new Child<PensAnswers>(new URL('../../load/pens.js', import.meta.url));
  try {
    await pens.ask('open', ROOM, await pairs(nodes));
    await wait(times.warmUp * 1_000);
    await pens.ask('mark');
    await wait(times.measured * 1_000);
    return await pens.ask('read');
  } finally {
    await pens.end();
  }
}

function pairs(nodes: Nodes): Promise<Pair[]> {
  const { urls } = nodes;
  const at = async (who: string, index: number): Promise<Place> => {
    return { url: urls[index % urls.length] ?? '', token: await nodes.token(`${who}-${String(index)}`, ROOM) };
  };
  return Promise.all(urls.map(async (_, index) => ({ pen: await at('pen', index), eye: await at('eye', index + 1) })));
}
