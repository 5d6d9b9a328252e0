/**
 * What every kind of shape has in common on the board. A kind is one module here, listed in
 * index.ts; what it is made of is said in protocol/shapes. The board itself (drawing, layers,
 * copies) knows no kind: it goes by what is said here.
 */
import type { Box } from '../../../protocol/shapes/box.js';
import type { AnyForm } from '../../../protocol/shapes/index.js';
import type { SketchKey } from '../../words/en/sketch.js';
import type { Say } from '../../words/words.js';
import type { Brush } from '../brush.js';
import type { BoardPoint } from '../space.js';

/** What the board knows of one kind of shape. */
export interface ShapeView<Form extends AnyForm = AnyForm> {
  /** Reads a shape, so that it can be painted again and again. */
  read(form: Form): Figure;
  /** Whether two states of one shape look the same. */
  looksAlike(a: Form, b: Form): boolean;
}

/** A shape that has been read. */
export interface Figure {
  /** Around all that can be seen of it; NOWHERE: nothing can. */
  readonly box: Box;
  /**
   * How many points of ink it has: of a partial shape there may be fewer than were seen already.
   */
  readonly points: number;
  /** @param near only what may show in this box need be painted */
  paint(brush: Brush, look: Appearance, near?: Box): void;
  /**
   * Whether it comes within `radius` of the way from `from` to `to`, the same point twice for a
   * single spot.
   */
  touches(from: BoardPoint, to: BoardPoint, radius: number): boolean;
}

/**
 * What the same drawing looks like for one reader; another one whenever something of it changes.
 */
export interface Appearance {
  /** On dark paper. */
  readonly dark: boolean;
  readonly say: Say<SketchKey>;
}

/** Views by kind. What a test or a later version adds goes by the same interface. */
export type ShapeViews = Readonly<Record<string, ShapeView>>;
