/** The kinds of shapes. A new one is a module beside this file, and an entry in both of these. */
import type { Box } from './box.js';
import type { AnyForm, PlacedBox, ShapeModule, ShapeRegistry } from './shape.js';
import { stroke, type StrokeForm } from './stroke.js';

export type { AnyForm, PlacedBox, ShapeModule, ShapeRegistry } from './shape.js';

/** What is sent of a shape, by its kind. */
export interface ShapeForms {
  readonly stroke: StrokeForm;
}

export const SHAPES = { stroke } satisfies { readonly [Kind in ShapeKind]: ShapeModule<ShapeForms[Kind]> };

export type ShapeKind = keyof ShapeForms;

/** A thing on the board, as its author sends it. */
export type ShapeForm = ShapeForms[ShapeKind];

/** The module of a kind; undefined where this program does not know the kind. */
export function shapeModule(kind: string, shapes: ShapeRegistry = SHAPES): ShapeModule | undefined {
  return Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
}

/**
 * What a shape adds to a board. Of a kind that nobody here knows: the characters of its JSON, which
 * says at least as much.
 */
export function weightOf(form: AnyForm, shapes: ShapeRegistry = SHAPES): number {
  return shapeModule(form.kind, shapes)?.weight(form) ?? JSON.stringify(form).length;
}

/** The box around a shape, also of a kind that is not known here; undefined where it says none. */
export function boundsOf(form: AnyForm, shapes: ShapeRegistry = SHAPES): Box | undefined {
  const module = shapeModule(form.kind, shapes);
  if (module) return module.bounds(form);
  const place = 'place' in form ? form.place : undefined;
  return isPlacedBox(place) ? boundsOfPlace(place) : undefined;
}

/** The upright box around a box that may be turned. */
export function boundsOfPlace({ x, y, width, height, angle = 0 }: PlacedBox): Box {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const halfWidth = (width * cos + height * sin) / 2;
  const halfHeight = (width * sin + height * cos) / 2;
  return {
    minX: middleX - halfWidth,
    minY: middleY - halfHeight,
    maxX: middleX + halfWidth,
    maxY: middleY + halfHeight,
  };
}

/** So that no sum of a few overflows. */
const FARTHEST = Number.MAX_SAFE_INTEGER;

function isPlacedBox(value: unknown): value is PlacedBox {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height, angle = 0 }: Partial<Record<string, unknown>> = { ...value };
  const isWithin = (number: unknown, least: number): boolean =>
    typeof number === 'number' && number >= least && number <= FARTHEST;
  return [x, y, angle].every(number => isWithin(number, -FARTHEST)) && [width, height].every(side => isWithin(side, 0));
}
