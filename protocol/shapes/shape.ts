/**
 * What every kind of shape has in common. A kind is one module here (form, weight, bounds, what may
 * be wrong with it), listed in index.ts; how it looks is the widget's affair.
 *
 * The properties of a shape lie in groups, each of which is changed and told as a whole, so that
 * two people who change different groups at once lose nothing:
 *
 * - `place`: where it lies. Every kind but the stroke says there which box it fills (see
 *   `PlacedBox`), so that a page that does not know the kind can still show where it is. A stroke
 *   without one lies where it was drawn.
 * - `look`: colours, widths, dashes.
 * - `content`: what it is made of: points, text.
 * - `order`: its place above and below others; without one it lies where `seq` puts it.
 */
import type { Box } from './box.js';

/** The members that shapes of all kinds have. */
export interface AnyForm {
  /** Fixed when its author begins it; see SHAPE_ID. */
  readonly id: string;
  readonly kind: string;
}

/** The box that a shape fills, in board units; `angle` in radians, clockwise about its middle. */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle?: number;
}

/** What the protocol knows of one kind of shape. */
export interface ShapeModule<Form extends AnyForm = AnyForm> {
  readonly kind: Form['kind'];
  /** What it adds to a board, about as many as the bytes that it takes: limits count this. */
  weight(form: Form): number;
  /** Points of ink, which rates count. */
  points(form: Form): number;
  /**
   * The box around all that can be seen of it, in board units; undefined where it can't be read.
   */
  bounds(form: Form): Box | undefined;
  /**
   * What is wrong with a form of the right members, as a sentence for the page's author; undefined:
   * nothing.
   *
   * @param times when its parts were made; see `encodeTimes` in ink.ts
   */
  fault(form: Form, times: string | undefined): string | undefined;
  /**
   * All that its author says, in one order whatever the order of its members: equal forms have
   * equal lists. Default: groups and members by their names. Kept as it is for ever: digests of it
   * tell a command that is sent again.
   */
  members?(form: Form): readonly unknown[];
}

/** Modules by kind. What a test or a later version adds goes by the same interface. */
export type ShapeRegistry = Readonly<Record<string, ShapeModule>>;
