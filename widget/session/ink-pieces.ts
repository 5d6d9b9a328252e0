import { LIMITS } from '../../protocol/limits.js';

/** Characters from this code on, and the digits behind them, say that their number goes on; see ink.ts. */
const ENDS_NUMBER = /[A-Za-f]/;

/**
 * The characters of encoded points from `from` on that fit into one live frame: whole points, so that whoever reads them can draw
 * them at once.
 */
export function nextPiece(points: string, from: number, stride: 2 | 3): string {
  if (points.length - from <= LIMITS.livePoints) return points.slice(from);
  let numbers = 0;
  let end = from;
  for (let index = from; index < from + LIMITS.livePoints; index += 1) {
    if (ENDS_NUMBER.test(points.charAt(index)) && (numbers += 1) % stride === 0) end = index + 1;
  }
  return points.slice(from, end);
}
