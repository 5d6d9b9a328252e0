import type { TimelineEvent } from '../../../protocol/timeline/events.js';

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
 * A board told again in the simplest words, as an opinion of its own beside `evolve`: each drawing is seen unless some event hid
 * it, and undoing an event takes back what that event still holds.
 */
export class SimpleBoard {
  readonly #drawings = new Map<string, Drawing>();

  apply(event: TimelineEvent): void {
    const { seq, by } = event;
    switch (event.type) {
      case 'shape.drawn':
      case 'shape.completed': {
        const { id, points } = event.stroke;
        const hiddenBy = this.#drawings.get(id)?.hiddenBy;
        this.#drawings.set(id, { drawn: seq, by, points, partial: event.partial ?? false, hiddenBy });
        break;
      }
      case 'shapes.erased':
        for (const id of event.shapes) this.#hide(this.#drawings.get(id), seq);
        break;
      case 'board.cleared':
        for (const drawing of this.#drawings.values()) this.#hide(drawing, seq);
        break;
      case 'command.undone':
        for (const drawing of this.#drawings.values()) {
          if (drawing.hiddenBy === event.of) drawing.hiddenBy = undefined;
          else if (drawing.drawn === event.of) this.#hide(drawing, seq);
        }
        break;
      case 'person.entered':
      case 'message.posted':
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
