/** How the kinds of shapes look. A new one is a module beside this file, and an entry here. */
import type { ShapeForms, ShapeKind } from '../../../protocol/shapes/index.js';
import type { ShapeView, ShapeViews } from './shape.js';
import { stroke } from './stroke.js';
import { unknown } from './unknown.js';

export type { Appearance, Figure, ShapeView, ShapeViews } from './shape.js';

export const SHAPE_VIEWS = { stroke } satisfies { readonly [Kind in ShapeKind]: ShapeView<ShapeForms[Kind]> };

/** How a kind looks, also one that this program does not know. */
export function viewOf(kind: string, views: ShapeViews = SHAPE_VIEWS): ShapeView {
  return (Object.hasOwn(views, kind) ? views[kind] : undefined) ?? unknown;
}
