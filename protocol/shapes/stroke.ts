/** Freehand ink. */
import { countPoints, decodeInk, decodeTimes, type InkColor, type InkFormat } from '../ink.js';
import { LIMITS } from '../limits.js';
import { around, type Box, padded } from './box.js';
import type { ShapeModule } from './shape.js';

/** What a stroke is made of, as its author sends it. */
export interface StrokeForm {
  readonly id: string;
  readonly kind: 'stroke';
  readonly look: {
    readonly color: InkColor;
    /** In board units. */
    readonly width: number;
  };
  readonly content: StrokeContent;
}

export interface StrokeContent extends InkFormat {
  /** See ink.ts. */
  readonly points: string;
}

/**
 * A stroke in progress, as its author says it at pen-down: `[shape id, color, width, scale,
 * pressure 0 or 1, first points]`.
 */
export type InkBegin = readonly [
  id: string,
  color: InkColor,
  width: number,
  scale: number,
  pressure: 0 | 1,
  points: string,
];

/** How much wider than its nominal width the hardest pressure makes a stroke. */
export const WIDEST = 1.7;

export const stroke: ShapeModule<StrokeForm> = {
  kind: 'stroke',
  weight: ({ content }) => content.points.length,
  points: ({ content }) => countPoints(content.points, content.pressure),
  bounds({ look, content }): Box | undefined {
    const points = decodeInk(content.points, content);
    if (!points?.length) return undefined;
    const reach = (look.width / 2) * (content.pressure ? WIDEST : 1);
    return padded(around(points, content.pressure ? 3 : 2), reach);
  },
  fault({ content }, times) {
    const points = decodeInk(content.points, content, LIMITS.boardExtent);
    if (!points?.length) return 'The points of the stroke are not whole points on the board, one at least.';
    if (times === undefined) return undefined;
    const count = points.length / (content.pressure ? 3 : 2);
    const isWhole = decodeTimes(times)?.length === count - 1;
    return isWhole ? undefined : 'The times of the stroke are not one for each point after the first.';
  },
  members({ id, kind, look: { color, width }, content: { scale, pressure, points } }) {
    return [id, kind, color, width, scale, pressure, points];
  },
};

/** A stroke in progress as a shape. */
export function strokeOf([id, color, width, scale, pressure, points]: InkBegin): StrokeForm {
  return { id, kind: 'stroke', look: { color, width }, content: { scale, pressure: pressure === 1, points } };
}
