import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { BoardPoint } from './space.js';

/**
 * What the sketch tells whoever shows it. These events bubble and stay inside the shadow root
 * around the panel.
 */
const UPWARD: EventInit = { bubbles: true, composed: false };

/** Pen down: others may see the stroke from here on. */
export class InkBeginEvent extends Event {
  constructor(readonly begin: InkBegin) {
    super('ink-begin', UPWARD);
  }
}

/**
 * More points of the stroke in progress, encoded behind what was told before; LIMITS.livePoints
 * characters at the most.
 */
export class InkMoreEvent extends Event {
  constructor(readonly points: string) {
    super('ink-more', UPWARD);
  }
}

/** The stroke in progress will not be finished. */
export class InkDropEvent extends Event {
  constructor() {
    super('ink-drop', UPWARD);
  }
}

/**
 * A shape to be kept, under the id that it had while it was drawn; `times` say when its points
 * were, see `encodeTimes` in protocol/ink.ts.
 */
export class DrawEvent extends Event {
  constructor(
    readonly shape: ShapeForm,
    readonly times?: string,
  ) {
    super('draw', UPWARD);
  }
}

/** Shapes to be erased, LIMITS.shapesPerCommand at the most. */
export class EraseEvent extends Event {
  constructor(readonly shapes: string[]) {
    super('erase', UPWARD);
  }
}

/** The whole board is to be cleared. */
export class ClearEvent extends Event {
  constructor() {
    super('clear', UPWARD);
  }
}

export class UndoEvent extends Event {
  constructor() {
    super('undo', UPWARD);
  }
}

export class RedoEvent extends Event {
  constructor() {
    super('redo', UPWARD);
  }
}

/** The pointer moved over the board, in board units; undefined when it has left. */
export class CursorEvent extends Event {
  constructor(readonly at: BoardPoint | undefined) {
    super('cursor', UPWARD);
  }
}

/** Something that a screen reader should say. */
export class SketchSayEvent extends Event {
  constructor(readonly text: string) {
    super('sketch-say', UPWARD);
  }
}

/** The events of the sketch by their names. */
export interface SketchEventMap {
  'ink-begin': InkBeginEvent;
  'ink-more': InkMoreEvent;
  'ink-drop': InkDropEvent;
  draw: DrawEvent;
  erase: EraseEvent;
  clear: ClearEvent;
  undo: UndoEvent;
  redo: RedoEvent;
  cursor: CursorEvent;
  'sketch-say': SketchSayEvent;
}
