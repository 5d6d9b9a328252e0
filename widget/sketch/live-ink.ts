import type { InkColor, InkPoint } from '../../protocol/ink.js';
import { type InkBegin, type StrokeForm, strokeOf } from '../../protocol/shapes/stroke.js';
import { VANISHED_GRACE } from '../../protocol/timeline/grace.js';
import type { BoardPeer } from './board-data.js';
import type { BoardPoint } from './space.js';
import { countOf, readStroke, strideOf, type StrokeGeometry } from './stroke-geometry.js';
import type { StrokeRecorder } from './stroke-recorder.js';

/** A stroke that is not settled yet. */
export interface LiveStroke {
  /** Changes when the geometry is another one, and not only longer. */
  readonly key: string;
  readonly id: string;
  readonly color: InkColor;
  readonly geometry: StrokeGeometry;
  /** How many of its points will stay; those behind are only expected. */
  readonly kept: number;
}

/**
 * How long a finished own stroke is held until its shape arrives, in ms. It comes at once, unless
 * it is refused.
 */
const OWN_PATIENCE = 3_000;

/**
 * The same for a stroke of somebody else's, whose ink ends when its shape comes, or when it was
 * dropped.
 */
const PEER_PATIENCE = 400;

/**
 * The same where they vanished, or we did: what there is of the stroke becomes a shape after a
 * grace, unless they go on.
 */
const VANISHED_PATIENCE = VANISHED_GRACE + 3_000;

interface Awaited {
  readonly stroke: LiveStroke;
  readonly until: number;
}

/**
 * The strokes in progress, everyone's, and those just finished whose shapes have not arrived:
 * without these a stroke would vanish for a moment between the pen and the board. Times are in ms,
 * of any one clock.
 */
export class LiveInk {
  #own: { recorder: StrokeRecorder; expected: readonly InkPoint[] } | undefined;
  readonly #peers = new Map<number, { ink: InkBegin; stroke: LiveStroke }>();
  readonly #awaited = new Map<string, Awaited>();

  /** The id of the own stroke, while it is drawn. */
  get own(): string | undefined {
    return this.#own?.recorder.id;
  }

  /** Shows the own stroke as it is now, and where it is expected to go next. */
  draw(recorder: StrokeRecorder, expected: readonly InkPoint[]): void {
    this.#own = { recorder, expected };
  }

  /** The own stroke is finished, and will come back as a shape. */
  finish(stroke: StrokeForm, now: number): void {
    this.#own = undefined;
    this.#await(liveStroke(stroke, `${stroke.id} finished`, true), now + OWN_PATIENCE);
  }

  /** The own stroke has never been. */
  drop(): void {
    this.#own = undefined;
  }

  /** Waits no longer for finished strokes: one that was taken back at once never arrives. */
  forget(): void {
    this.#awaited.clear();
  }

  /** Follows what the others draw. */
  follow(peers: readonly BoardPeer[], now: number): void {
    const here = new Set<number>();
    const drawing = new Set<number>();
    for (const { peer, self, ink } of peers) {
      here.add(peer);
      if (self || ink === undefined) continue;
      drawing.add(peer);
      const known = this.#peers.get(peer);
      if (known?.ink === ink) continue;
      if (known !== undefined && known.ink[0] !== ink[0]) this.#await(known.stroke, now + PEER_PATIENCE);
      this.#peers.set(peer, { ink, stroke: liveStroke(strokeOf(ink), ink[0], false) });
    }
    for (const [peer, { stroke }] of this.#peers) {
      if (drawing.has(peer)) continue;
      this.#peers.delete(peer);
      this.#await(stroke, now + (here.has(peer) ? PEER_PATIENCE : VANISHED_PATIENCE));
    }
    // Who vanished has come back, and goes on.
    for (const { stroke } of this.#peers.values()) this.#awaited.delete(stroke.id);
  }

  /**
   * Lets go of the strokes that have settled, or that nobody waits for any more.
   *
   * @param isSettled whether all of a stroke can be seen on the board
   * @returns whether some are still awaited
   */
  settle(isSettled: (stroke: LiveStroke) => boolean, now: number): boolean {
    for (const [id, { stroke, until }] of this.#awaited) {
      if (isSettled(stroke) || now >= until) this.#awaited.delete(id);
    }
    return this.#awaited.size > 0;
  }

  /** Whether nobody draws. */
  get isEmpty(): boolean {
    return this.#own === undefined && this.#peers.size === 0 && this.#awaited.size === 0;
  }

  /** What is to be shown, the own stroke last. */
  strokes(): LiveStroke[] {
    const strokes = [...this.#awaited.values(), ...this.#peers.values()].map(({ stroke }) => stroke);
    if (this.#own === undefined) return strokes;
    const { recorder, expected } = this.#own;
    const { id, pen } = recorder;
    const kept = countOf(recorder.geometry());
    return [...strokes, { key: id, id, color: pen.color, geometry: recorder.geometry(expected), kept }];
  }

  /** Where a peer's pen is, while it draws. */
  tipOf(peer: number): BoardPoint | undefined {
    const geometry = this.#peers.get(peer)?.stroke.geometry;
    if (geometry === undefined || countOf(geometry) === 0) return undefined;
    const last = (countOf(geometry) - 1) * strideOf(geometry);
    return { x: geometry.points[last] ?? 0, y: geometry.points[last + 1] ?? 0 };
  }

  #await(stroke: LiveStroke, until: number): void {
    this.#awaited.set(stroke.id, { stroke, until });
  }
}

/** @param finished whether it has been simplified */
function liveStroke(stroke: StrokeForm, key: string, finished: boolean): LiveStroke {
  const geometry = readStroke(stroke, finished);
  return { key, id: stroke.id, color: stroke.look.color, geometry, kept: countOf(geometry) };
}
