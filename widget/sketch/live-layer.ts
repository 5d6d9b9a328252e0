import { type Box, NOWHERE } from '../../protocol/shapes/box.js';
import { sameCamera } from './camera.js';
import { CanvasPainter } from './canvas-painter.js';
import { inkCss } from './ink-palette.js';
import type { LiveStroke } from './live-ink.js';
import { paintStroke } from './shapes/stroke.js';
import { joined, sameSize } from './space.js';
import { boxOf, countOf } from './stroke-geometry.js';
import type { View } from './view.js';

/**
 * What is on the canvas of one stroke: how many of its points are there for good, and where the
 * rest is.
 */
interface Shown {
  readonly kept: number;
  /** Whether there are points that were only expected. */
  readonly expected: boolean;
  readonly tail: Box;
}

/**
 * The strokes in progress, above everything that is settled. A stroke that has grown is painted
 * anew only where it grew, so a long one costs no more than a short one.
 */
export class LiveLayer {
  readonly #painter: CanvasPainter;
  #view: View | undefined;
  #shown = new Map<string, Shown>();

  constructor(canvas: HTMLCanvasElement) {
    this.#painter = new CanvasPainter(canvas);
  }

  /** Shows these strokes, the last on top. */
  show(view: View, strokes: readonly LiveStroke[]): void {
    const before = this.#shown;
    // Even an empty canvas costs the compositor time while the view moves.
    this.#painter.canvas.style.setProperty('visibility', strokes.length > 0 ? 'visible' : 'hidden');
    if (strokes.length === 0 && before.size === 0) return;
    const moved = this.#follow(view);
    this.#shown = new Map(strokes.map(stroke => [stroke.key, shownOf(stroke)]));
    if (moved || ![...before].every(([key, shown]) => shown.kept <= (this.#shown.get(key)?.kept ?? -1))) {
      this.#painter.clear();
      this.#paint(strokes, view);
      return;
    }
    let damage = NOWHERE;
    for (const stroke of strokes) {
      const shown = before.get(stroke.key);
      const expects = stroke.kept < countOf(stroke.geometry);
      if (shown?.kept === stroke.kept && !shown.expected && !expects) continue;
      damage = joined(damage, joined(tailOf(stroke, shown?.kept ?? 0), shown?.tail ?? NOWHERE));
    }
    if (damage === NOWHERE) return;
    this.#painter.repair(damage, box => this.#paint(strokes, view, box));
  }

  #paint(strokes: readonly LiveStroke[], { appearance }: View, near?: Box): void {
    for (const { geometry, color } of strokes) {
      paintStroke(this.#painter, geometry, inkCss(color, appearance.dark), near);
    }
  }

  /** Takes over a view; true where everything has to be painted anew. */
  #follow(view: View): boolean {
    const last = this.#view;
    this.#view = view;
    if (last === undefined || last.ratio !== view.ratio || !sameSize(last.size, view.size)) {
      this.#painter.resize(view.size, view.ratio);
    } else if (sameCamera(last.camera, view.camera) && last.appearance === view.appearance) return false;
    this.#painter.look(view.camera);
    return true;
  }
}

function shownOf(stroke: LiveStroke): Shown {
  return { kept: stroke.kept, expected: stroke.kept < countOf(stroke.geometry), tail: tailOf(stroke) };
}

/**
 * Where a stroke may still change, or has since it had `from` points: from two points before on,
 * since its last segments depend on those.
 */
function tailOf(stroke: LiveStroke, from = stroke.kept): Box {
  return boxOf(stroke.geometry, Math.max(0, Math.min(from, stroke.kept) - 3));
}
