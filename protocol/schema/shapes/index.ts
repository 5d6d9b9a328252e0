/** The forms of shapes, a module a kind. */
import type { TSchema } from '@sinclair/typebox';

import type { ShapeForms, ShapeKind } from '../../shapes/index.js';
import type { SchemaOf } from '../fields.js';
import { StrokeSchema } from './stroke.js';

export const SHAPE_SCHEMAS = { stroke: StrokeSchema } satisfies {
  readonly [Kind in ShapeKind]: SchemaOf<ShapeForms[Kind]>;
};

/** Schemas by kind. */
export type ShapeSchemas = Readonly<Record<string, TSchema>>;
