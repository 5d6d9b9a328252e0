import type { Effect } from '../../protocol/timeline/effects.js';
import type { HeldState, Shape } from '../../protocol/timeline/state.js';
import type { ShapeView } from './contract.js';
import type { Overlay } from './overlay.js';

/** The seq of what is pending, as it is shown: above everything. */
const LAST = Number.MAX_SAFE_INTEGER;

/**
 * The board as it is shown: the timeline's, with own pending work laid over it. Most changes are
 * made in the shown map, in place; where that does not do it is made anew when it is next read.
 */
export class Board {
  version = 0;
  readonly #overlay: Overlay;
  readonly #state: () => HeldState | undefined;
  #shapes = new Map<string, ShapeView>();
  #stale = true;
  /** Whether shapes of the timeline were put above pending ones. */
  #unordered = false;

  /** @param state the timeline's, without what is pending */
  constructor(overlay: Overlay, state: () => HeldState | undefined) {
    this.#overlay = overlay;
    this.#state = state;
  }

  /** Lowest first. */
  get shapes(): ReadonlyMap<string, ShapeView> {
    if (this.#stale) this.#rebuild();
    else if (this.#unordered) this.#raisePending();
    return this.#shapes;
  }

  /** Whether a shape is on the timeline for good: not where its author may still draw on. */
  isDrawn(id: string): boolean {
    const shape = this.#state()?.shapes.get(id);
    return shape !== undefined && (!shape.partial || shape.hidden === true);
  }

  /** Anything may have changed. */
  invalidate(): void {
    this.#stale = true;
    this.version += 1;
  }

  /** The overlay's state was changed. @returns whether the board was */
  apply(effects: readonly Effect[]): boolean {
    let changed = false;
    for (const effect of effects) changed = this.#apply(effect) || changed;
    if (changed) this.version += 1;
    return changed;
  }

  #apply(effect: Effect): boolean {
    switch (effect.type) {
      case 'putShape':
        if (!this.#stale) this.#put(effect.shape.id);
        return true;
      case 'hideShapes':
      case 'removeShapes':
        if (!this.#stale) for (const id of effect.ids) this.#shapes.delete(id);
        return effect.ids.length > 0;
      case 'showShapes':
        // Their place is among the others.
        this.#stale = true;
        return true;
      case 'putPerson':
      case 'putMessage':
      case 'removeMessages':
      case 'putSetting':
      case 'endInterval':
        return false;
    }
  }

  #put(id: string): void {
    const shape = this.#overlay.state.shapes.get(id);
    const view = shape && !shape.hidden ? this.#view(shape) : undefined;
    // Set anew, one with another seq lies on top.
    if (this.#shapes.get(id)?.seq !== view?.seq) this.#shapes.delete(id);
    if (!view) return;
    this.#shapes.set(id, view);
    if (!view.pending) this.#unordered = this.#overlay.shapes.size > 0;
  }

  #view(shape: Shape): ShapeView {
    if (!this.#overlay.shapes.has(shape.id)) return shape;
    return { ...shape, seq: LAST, since: LAST, pending: true };
  }

  #raisePending(): void {
    this.#unordered = false;
    for (const id of this.#overlay.shapes) {
      const view = this.#shapes.get(id);
      if (!view) continue;
      this.#shapes.delete(id);
      this.#shapes.set(id, view);
    }
  }

  #rebuild(): void {
    this.#stale = this.#unordered = false;
    const old = this.#shapes;
    this.#shapes = new Map();
    for (const shape of this.#overlay.state.shapes.values()) {
      if (shape.hidden) continue;
      const view = this.#view(shape);
      const before = old.get(shape.id);
      // The same object while nothing about it has changed.
      this.#shapes.set(shape.id, view !== shape && before && isSame(before, view) ? before : view);
    }
  }
}

function isSame(one: object, other: object): boolean {
  const members = Object.entries(one);
  return (
    members.length === Object.keys(other).length && members.every(([name, value]) => Reflect.get(other, name) === value)
  );
}
