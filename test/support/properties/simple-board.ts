import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { isCleared, isCompleted, isDrawn, isErased, isUndone } from '../commands.js';

interface Drawing {
  /** The event that drew or completed it. */
  drawn: number;
  by: number;
  points: string;
  partial: boolean;
  /** The event that hid it; undefined while it can be seen. */
  hiddenBy: number | undefined;
}

/**
 * A board told again in the simplest words, as an opinion of its own beside `evolve`: each drawing
 * is seen unless some event hid it, and undoing an event takes back what that event still holds.
 */
export class SimpleBoard {
  readonly #drawings = new Map<string, Drawing>();

  apply(event: AnyEvent): void {
    const { seq, by } = event;
    if (isDrawn(event) || isCompleted(event)) {
      const { shape, partial = false } = event;
      const hiddenBy = this.#drawings.get(shape.id)?.hiddenBy;
      this.#drawings.set(shape.id, { drawn: seq, by, points: shape.content.points, partial, hiddenBy });
    } else if (isErased(event)) {
      for (const id of event.shapes) this.#hide(this.#drawings.get(id), seq);
    } else if (isCleared(event)) {
      for (const drawing of this.#drawings.values()) this.#hide(drawing, seq);
    } else if (isUndone(event)) {
      for (const drawing of this.#drawings.values()) {
        if (drawing.hiddenBy === event.of) drawing.hiddenBy = undefined;
        else if (drawing.drawn === event.of) this.#hide(drawing, seq);
      }
    }
  }

  /** What can be seen, lowest first. */
  get visible(): readonly { id: string; seq: number; by: number; points: string; partial: boolean }[] {
    return [...this.#drawings]
      .filter(([, { hiddenBy }]) => hiddenBy === undefined)
      .map(([id, { drawn, by, points, partial }]) => ({ id, seq: drawn, by, points, partial }))
      .sort((one, other) => one.seq - other.seq);
  }

  #hide(drawing: Drawing | undefined, seq: number): void {
    if (drawing) drawing.hiddenBy ??= seq;
  }
}
