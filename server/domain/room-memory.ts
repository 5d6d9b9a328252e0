import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { evolve, lacks, shapesSince, visibleShapes } from '../../protocol/timeline/evolve.js';
import type { RoomState, Shape } from '../../protocol/timeline/state.js';

/** About what each takes in memory, in bytes, as measured in Node 20: beside a shape's points, and with the maps that find it. */
const BYTES_OF_SHAPE = 300;
const BYTES_OF_AUTHOR = 200;
const BYTES_OF_ROOM = 1_000;

/**
 * What the server holds of a room between turns: authors and visible shapes. Hidden shapes and messages are there only during a
 * turn that needs them, so that a room takes no more memory than what can be seen on its board.
 */
export class RoomMemory {
  readonly state: RoomState;
  /** Index by person id. */
  readonly #authors: Map<string, number>;
  #nextAuthor: number;
  #visible: number;
  #points: number;
  /** Shapes that may be hidden now, so that the end of a turn need not look through the whole board. */
  readonly #touched = new Set<string>();

  /** Takes over `state`, which nobody else may hold. */
  constructor(state: RoomState) {
    this.state = state;
    this.#authors = new Map([...state.people].map(([index, person]) => [person.id, index]));
    this.#nextAuthor = 1;
    for (const index of state.people.keys()) this.#nextAuthor = Math.max(this.#nextAuthor, index + 1);
    const visible = visibleShapes(state);
    this.#visible = visible.length;
    this.#points = visible.reduce((sum, shape) => sum + shape.points.length, 0);
  }

  /** How many shapes can be seen. */
  get visible(): number {
    return this.#visible;
  }

  /** How many characters the points of the visible shapes take. */
  get points(): number {
    return this.#points;
  }

  /** About how much memory it takes between turns, in bytes. */
  get bytes(): number {
    const authors = this.state.people.size * BYTES_OF_AUTHOR;
    // Points are written in characters of one byte.
    return BYTES_OF_ROOM + authors + this.#visible * BYTES_OF_SHAPE + this.#points;
  }

  /** The index that the next new author gets: from 1 on, and never one that somebody had. */
  get nextAuthor(): number {
    return this.#nextAuthor;
  }

  authorIndex(person: string): number | undefined {
    return this.#authors.get(person);
  }

  /**
   * Applies what others appended.
   *
   * @returns false where an event needs hidden shapes that are not held: this memory is then of no further use.
   */
  catchUp(events: readonly TimelineEvent[]): boolean {
    for (const event of events) {
      if (lacks(this.state, event)) return false;
      this.apply(event);
    }
    return true;
  }

  /** Takes in shapes that a turn asked for; those that are hidden stay until `settle`. */
  recall(shapes: readonly Shape[]): void {
    for (const shape of shapes) {
      if (!shape.hidden) continue;
      this.state.shapes.set(shape.id, shape);
      this.#touched.add(shape.id);
    }
  }

  apply(event: TimelineEvent): void {
    this.#count(event);
    evolve(this.state, event);
  }

  /** Ends a turn: lets go of messages and hidden shapes. */
  settle(): void {
    for (const id of this.#touched) if (this.state.shapes.get(id)?.hidden) this.state.shapes.delete(id);
    this.#touched.clear();
    this.state.messages.length = 0;
  }

  /** Keeps beside the state what would take long to gather from it. Comes before `evolve`, and tells what it will do. */
  #count(event: TimelineEvent): void {
    switch (event.type) {
      case 'person.entered':
        this.#authors.set(event.person.id, event.by);
        this.#nextAuthor = Math.max(this.#nextAuthor, event.by + 1);
        break;
      case 'shape.drawn':
        this.#visible += 1;
        this.#points += event.stroke.points.length;
        break;
      case 'shape.completed': {
        const before = this.state.shapes.get(event.stroke.id);
        if (before && !before.hidden) this.#points += event.stroke.points.length - before.points.length;
        break;
      }
      case 'shapes.erased':
        for (const id of event.shapes) {
          const shape = this.state.shapes.get(id);
          if (shape && !shape.hidden) this.#turn(shape);
        }
        break;
      case 'board.cleared':
        for (const shape of visibleShapes(this.state)) this.#turn(shape);
        break;
      case 'command.undone':
        for (const shape of shapesSince(this.state, event.of)) this.#turn(shape);
        break;
      case 'message.posted':
        break;
    }
  }

  /** A shape is about to go from visible to hidden, or back. */
  #turn(shape: Shape): void {
    const sign = shape.hidden ? 1 : -1;
    this.#visible += sign;
    this.#points += sign * shape.points.length;
    this.#touched.add(shape.id);
  }
}
