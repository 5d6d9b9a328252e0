/** Freehand ink. */
import type { InkColor } from '../../../protocol/ink.js';
import type { Box } from '../../../protocol/shapes/box.js';
import type { StrokeForm } from '../../../protocol/shapes/stroke.js';
import type { Brush } from '../brush.js';
import { touchesStroke } from '../hit-test.js';
import { inkCss } from '../ink-palette.js';
import type { BoardPoint } from '../space.js';
import { boxOf, countOf, reachOf, readStroke, type StrokeGeometry } from '../stroke-geometry.js';
import { isOutline, traceOutline, traceWay } from '../stroke-path.js';
import type { Appearance, Figure, ShapeView } from './shape.js';

export const stroke: ShapeView<StrokeForm> = {
  read: form => new StrokeFigure(readStroke(form, true), form.look.color),
  looksAlike({ look, content }, other) {
    return (
      content.points === other.content.points &&
      look.color === other.look.color &&
      look.width === other.look.width &&
      content.scale === other.content.scale &&
      content.pressure === other.content.pressure
    );
  },
};

class StrokeFigure implements Figure {
  readonly box: Box;
  readonly #geometry: StrokeGeometry;
  readonly #color: InkColor;

  constructor(geometry: StrokeGeometry, color: InkColor) {
    this.#geometry = geometry;
    this.#color = color;
    this.box = boxOf(geometry);
  }

  get points(): number {
    return countOf(this.#geometry);
  }

  paint(brush: Brush, look: Appearance, near?: Box): void {
    paintStroke(brush, this.#geometry, inkCss(this.#color, look.dark), near);
  }

  touches(from: BoardPoint, to: BoardPoint, radius: number): boolean {
    return touchesStroke(this.#geometry, from, to, radius);
  }
}

/**
 * Paints a stroke, finished or in progress.
 *
 * @param color a CSS colour
 * @param near only what may show in this box need be painted
 */
export function paintStroke(brush: Brush, geometry: StrokeGeometry, color: string, near?: Box): void {
  const { width, grid } = geometry;
  if (isOutline(geometry)) {
    const thickness = 2 * reachOf(geometry);
    brush.fill(sink => traceOutline(geometry, sink, near), { color, grid, thickness });
  } else {
    brush.line(sink => traceWay(geometry, sink, near), { color, grid, width });
  }
}
