/**
 * What an event changed, in terms of rows: messages, shapes, people and settings of a room that
 * were put, hidden, shown or removed. Everything that follows a timeline follows these: the state
 * itself, storage, counts in memory, what a page shows. So none of it has to know what kinds of
 * events there are.
 */
import type { Message, Person, RoomState, SettingValue, Shape } from './state.js';

export type Effect =
  /** A person is new among the authors, or is called otherwise from now on. */
  | { readonly type: 'putPerson'; readonly index: number; readonly person: Person }
  /** A message is new, or takes the place of the one with its seq. */
  | { readonly type: 'putMessage'; readonly message: Message; readonly isNew: boolean }
  | { readonly type: 'removeMessages'; readonly seqs: readonly number[] }
  /**
   * A shape is new, or takes the place of the one with its id. `times`: when its parts were made;
   * kept, and not part of the state.
   */
  | { readonly type: 'putShape'; readonly shape: Shape; readonly isNew: boolean; readonly times?: string }
  /** Shapes that were visible are hidden, by the event `since`. */
  | { readonly type: 'hideShapes'; readonly ids: readonly string[]; readonly since: number }
  /** Hidden shapes are visible again. */
  | { readonly type: 'showShapes'; readonly ids: readonly string[] }
  | { readonly type: 'removeShapes'; readonly ids: readonly string[] }
  /**
   * A shape was hidden, or partial, from the event `from` on and until just before the event `to`.
   * Written where that ends, so that the board can be told as it was at any seq.
   */
  | ({ readonly type: 'endInterval' } & ShapeInterval)
  | { readonly type: 'putSetting'; readonly name: string; readonly value: SettingValue };

/** A stretch of the timeline in which a shape was not as it is now. */
export interface ShapeInterval {
  readonly shape: string;
  readonly was: 'hidden' | 'partial';
  /** The event from which on it was so. */
  readonly from: number;
  /** The event from which on it was so no more. */
  readonly to: number;
}

/** Makes the changes in a state. */
export function applyEffects(state: RoomState, effects: readonly Effect[]): void {
  for (const effect of effects) applyEffect(state, effect);
}

function applyEffect(state: RoomState, effect: Effect): void {
  const { people, messages, shapes, settings } = state;
  switch (effect.type) {
    case 'putPerson':
      people.set(effect.index, effect.person);
      break;
    case 'putMessage':
      messages.set(effect.message.seq, effect.message);
      break;
    case 'removeMessages':
      for (const seq of effect.seqs) messages.delete(seq);
      break;
    case 'putShape': {
      const { shape } = effect;
      // One with another seq lies on top of those that are there.
      if (shapes.get(shape.id)?.seq !== shape.seq) shapes.delete(shape.id);
      shapes.set(shape.id, shape);
      break;
    }
    case 'hideShapes':
      for (const id of effect.ids) {
        const shape = shapes.get(id);
        if (shape) shapes.set(id, { ...shape, since: effect.since, hidden: true });
      }
      break;
    case 'showShapes':
      for (const id of effect.ids) {
        const shape = shapes.get(id);
        if (shape) shapes.set(id, shown(shape));
      }
      break;
    case 'removeShapes':
      for (const id of effect.ids) shapes.delete(id);
      break;
    case 'putSetting':
      settings.set(effect.name, effect.value);
      break;
    case 'endInterval':
  }
}

/**
 * What can be seen is as its drawing left it, so that the drawing can be undone after an erasing
 * was.
 */
function shown(shape: Shape): Shape {
  const { hidden: _, ...rest } = shape;
  return { ...rest, since: shape.seq };
}
