import { Child } from '../ask.js';
import type { LoadAnswers } from '../load/load.js';
import { type Peer, type PeerOptions, startPeer } from '../servers/peer.js';

export type Load = Child<LoadAnswers>;

/** What both peers came to, round by round. */
export interface BothRounds<Figure> {
  readonly relay: readonly Figure[];
  readonly ours: readonly Figure[];
}

/** Lets a peer be measured by a load: both are new, and gone afterwards. */
export async function withPeer<Figure>(
  dialect: Peer['dialect'],
  options: PeerOptions,
  measure: (peer: Peer, load: Load) => Promise<Figure>,
): Promise<Figure> {
  const peer = await startPeer(dialect, options);
  const load: Load = new Child<LoadAnswers>(new URL('../load/load.js', import.meta.url));
  try {
    return await measure(peer, load);
  } finally {
    await load.end();
    await peer.close();
  }
}

/** Measures the two in turn, so that what disturbs the machine for a while disturbs both. */
export async function inTurn<Figure>(
  rounds: number,
  measure: (dialect: Peer['dialect']) => Promise<Figure>,
): Promise<BothRounds<Figure>> {
  const relay: Figure[] = [];
  const ours: Figure[] = [];
  for (let round = 0; round < rounds; round += 1) {
    relay.push(await measure('relay'));
    ours.push(await measure('chalk-talk'));
  }
  return { relay, ours };
}

/** The middle one; of an even number of them the lower middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
