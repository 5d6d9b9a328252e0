import { weightOf } from '../../protocol/shapes/index.js';
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import { advance, effectsOf, lacks } from '../../protocol/timeline/evolve.js';
import { type HeldState, type Message, type Shape, visibleShapes } from '../../protocol/timeline/state.js';

/**
 * About how many bytes each takes in memory, as measured in Node 20: beside a shape's weight, and
 * including the maps that index it.
 */
const BYTES_OF_SHAPE = 420;
const BYTES_OF_AUTHOR = 200;
const BYTES_OF_ROOM = 1_000;

/**
 * What the server holds of a room between turns: authors, settings and visible shapes. Hidden
 * shapes and messages are there only during a turn that needs them, so a room takes no more memory
 * than its visible board.
 */
export class RoomMemory {
  readonly state: HeldState;
  readonly #events: EventRegistry;
  /** Index by person id. */
  readonly #authors: Map<string, number>;
  #nextAuthor: number;
  #visible: number;
  #weight: number;
  /** Shapes that may be hidden now: the end of a turn looks at these instead of the whole board. */
  readonly #touched = new Set<string>();

  /** Takes over `state`, which nobody else may hold. */
  constructor(state: HeldState, events: EventRegistry) {
    this.state = state;
    this.#events = events;
    this.#authors = new Map([...state.people].map(([index, person]) => [person.id, index]));
    this.#nextAuthor = 1;
    for (const index of state.people.keys()) this.#nextAuthor = Math.max(this.#nextAuthor, index + 1);
    const visible = visibleShapes(state);
    this.#visible = visible.length;
    this.#weight = visible.reduce((sum, shape) => sum + weightOf(shape), 0);
  }

  /** The number of visible shapes. */
  get visible(): number {
    return this.#visible;
  }

  /** The total weight of the visible shapes. */
  get weight(): number {
    return this.#weight;
  }

  /** About how much memory it takes between turns, in bytes. */
  get bytes(): number {
    const authors = this.state.people.size * BYTES_OF_AUTHOR;
    return BYTES_OF_ROOM + authors + this.#visible * BYTES_OF_SHAPE + this.#weight;
  }

  /** The index that the next new author gets: from 1 on, and never one that somebody had. */
  get nextAuthor(): number {
    return this.#nextAuthor;
  }

  authorIndex(person: string): number | undefined {
    return this.#authors.get(person);
  }

  /**
   * Applies events that other nodes appended.
   *
   * @returns false where an event needs hidden shapes that are not held; this memory must then be
   *   dropped
   */
  catchUp(events: readonly AnyEvent[]): boolean {
    for (const event of events) {
      if (lacks(this.state, event, this.#events)) return false;
      this.apply(event);
    }
    return true;
  }

  /** Adds rows that a turn asked for. Hidden shapes and messages stay until `endTurn`. */
  recall(shapes: readonly Shape[], messages: readonly Message[]): void {
    for (const shape of shapes) {
      if (!shape.hidden) continue;
      this.state.shapes.set(shape.id, shape);
      this.#touched.add(shape.id);
    }
    for (const message of messages) this.state.messages.set(message.seq, message);
  }

  /** @returns what the event changed */
  apply(event: AnyEvent): readonly Effect[] {
    const effects = effectsOf(this.state, event, this.#events);
    for (const effect of effects) this.#count(effect);
    advance(this.state, event, effects, this.#events);
    return effects;
  }

  /** Drops messages and hidden shapes. */
  endTurn(): void {
    for (const id of this.#touched) if (this.state.shapes.get(id)?.hidden) this.state.shapes.delete(id);
    this.#touched.clear();
    this.state.messages.clear();
  }

  /**
   * Updates the counts, which would be slow to compute from the state. Called before the effect is
   * applied.
   */
  #count(effect: Effect): void {
    switch (effect.type) {
      case 'putPerson':
        this.#authors.set(effect.person.id, effect.index);
        this.#nextAuthor = Math.max(this.#nextAuthor, effect.index + 1);
        break;
      case 'putShape':
        if (!effect.isNew) this.#countVisible(effect.shape.id, -1);
        if (!effect.shape.hidden) this.#add(effect.shape, 1);
        break;
      case 'hideShapes':
        for (const id of effect.ids) {
          this.#countVisible(id, -1);
          this.#touched.add(id);
        }
        break;
      case 'showShapes':
        for (const id of effect.ids) {
          const shape = this.state.shapes.get(id);
          if (shape) this.#add(shape, 1);
        }
        break;
      case 'removeShapes':
        for (const id of effect.ids) this.#countVisible(id, -1);
        break;
      case 'putMessage':
      case 'removeMessages':
      case 'putSetting':
      case 'endInterval':
    }
  }

  /** Adds or subtracts a shape, if it is visible. */
  #countVisible(id: string, sign: 1 | -1): void {
    const shape = this.state.shapes.get(id);
    if (shape && !shape.hidden) this.#add(shape, sign);
  }

  #add(shape: Shape, sign: 1 | -1): void {
    this.#visible += sign;
    this.#weight += sign * weightOf(shape);
  }
}
