/** A shape of a kind that only a later version knows: a dashed box that says so. */
import { LIMITS } from '../../../protocol/limits.js';
import { type Box, NOWHERE, padded } from '../../../protocol/shapes/box.js';
import { type AnyForm, boundsOf } from '../../../protocol/shapes/index.js';
import type { Brush, PathSink } from '../brush.js';
import { boxDistance } from '../hit-test.js';
import { inkCss } from '../ink-palette.js';
import { type BoardPoint, boardPoint } from '../space.js';
import type { Appearance, Figure, ShapeView } from './shape.js';

const WIDTH = 2;
const GRID = 0.25;
/** Dashes are longer on a large box: nobody counts them, and each of them takes time. */
const DASH = { shortest: 8, perSide: 100 } as const;
/**
 * The largest font, and how much of the box the text may fill; a letter is taken to be as wide as
 * this share of its height.
 */
const TEXT = { largest: 16, fill: 0.8, letter: 0.6 } as const;

export const unknown: ShapeView = {
  read: form => new UnknownFigure(boxOf(form)),
  looksAlike: (a, b) => JSON.stringify(boxOf(a)) === JSON.stringify(boxOf(b)),
};

class UnknownFigure implements Figure {
  readonly box: Box;
  readonly points = 0;
  readonly #frame: Box;

  constructor(frame: Box) {
    this.#frame = frame;
    this.box = padded(frame, WIDTH / 2);
  }

  paint(brush: Brush, { dark, say }: Appearance): void {
    const { minX, minY, maxX, maxY } = this.#frame;
    const [width, height] = [maxX - minX, maxY - minY];
    const color = inkCss('black', dark);
    const frame = (sink: PathSink): void => {
      sink.moveTo(minX, minY);
      sink.lineTo(maxX, minY);
      sink.lineTo(maxX, maxY);
      sink.lineTo(minX, maxY);
      sink.closePath();
    };
    const dash = Math.max(DASH.shortest, Math.max(width, height) / DASH.perSide);
    brush.line(frame, { color, width: WIDTH, grid: GRID, dash });
    const label = say('unknownShape');
    const size = Math.min(TEXT.largest, height * TEXT.fill, (width * TEXT.fill) / (label.length * TEXT.letter));
    if (size > 0) brush.text(label, { color, size, middle: boardPoint((minX + maxX) / 2, (minY + maxY) / 2) });
  }

  touches(from: BoardPoint, to: BoardPoint, radius: number): boolean {
    return boxDistance(from, to, this.box) <= radius;
  }
}

/** Where it says that it is; NOWHERE where it says nothing, or what can't be on a board. */
function boxOf(form: AnyForm): Box {
  const box = boundsOf(form);
  if (!box || box.minX > box.maxX || box.minY > box.maxY) return NOWHERE;
  // A turned box may stand out a little.
  const farthest = Math.max(-box.minX, -box.minY, box.maxX, box.maxY);
  return farthest <= 2 * LIMITS.boardExtent ? box : NOWHERE;
}
