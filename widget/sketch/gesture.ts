/** What one pointer does from press to release, and two fingers together. */
import { panned, zoomedAbout, type Camera } from './camera.js';
import { screenPoint, type ScreenPoint } from './space.js';

/** Where a pointer was and when, and how hard it pressed where that can be trusted. */
export interface Sample {
  readonly at: ScreenPoint;
  /** In ms, of the clock of the browser's events. */
  readonly time: number;
  /** From 0 to 1. */
  readonly pressure?: number;
}

export interface Gesture {
  /** @param expected where the pointer may be next: to be shown, never kept */
  move(samples: readonly Sample[], expected: readonly Sample[]): void;
  /** Released: what was done stays. */
  end(): void;
  /** It was meant otherwise: as if it had never begun. */
  cancel(): void;
}

/**
 * The camera after two fingers went from one pair of places to another: what was under each stays
 * under it.
 */
export function pinched(
  camera: Camera,
  before: readonly [ScreenPoint, ScreenPoint],
  after: readonly [ScreenPoint, ScreenPoint],
): Camera {
  const from = middle(before);
  const to = middle(after);
  const moved = panned(camera, to.x - from.x, to.y - from.y);
  const spread = distance(before);
  return spread === 0 ? moved : zoomedAbout(moved, distance(after) / spread, to);
}

function middle([a, b]: readonly [ScreenPoint, ScreenPoint]): ScreenPoint {
  return screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}

function distance([a, b]: readonly [ScreenPoint, ScreenPoint]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
