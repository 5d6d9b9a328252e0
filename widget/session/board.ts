import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { LIMITS } from '../../protocol/limits.js';
import type { RoomState, Stroke } from '../../protocol/timeline/state.js';
import type { ShapeView } from './contract.js';
import type { OutboxEntry } from './outbox.js';
import { overlay } from './overlay.js';

/** Where the board reads from; it holds nothing of its own but what it shows. */
export interface BoardSource {
  state(): RoomState | undefined;
  /** Own commands that the timeline does not show yet, in order. */
  pending(): Iterable<OutboxEntry>;
  /** Our own index among the authors, -1 where we have none yet. */
  self(): number;
}

/**
 * The board as it is shown: the timeline's, with own pending work laid over it. Drawing, by far the most frequent, changes the
 * shown map in place; for the rest it is made anew when it is next read.
 */
export class Board {
  version = 0;
  readonly #source: BoardSource;
  /** The seqs of own commands that may be named by an undo. */
  readonly #seqs = new Map<string, number>();
  #shapes = new Map<string, ShapeView>();
  #stale = false;

  constructor(source: BoardSource) {
    this.#source = source;
  }

  /** Lowest first. */
  get shapes(): ReadonlyMap<string, ShapeView> {
    if (this.#stale) this.#rebuild();
    return this.#shapes;
  }

  /** Whether a shape is on the timeline for good: not where its author may still draw on. */
  isDrawn(id: string): boolean {
    const shape = this.#source.state()?.shapes.get(id);
    return shape !== undefined && (!shape.partial || shape.hidden === true);
  }

  /** An own command has become the event `seq`. */
  name(command: string, seq: number): void {
    this.#seqs.set(command, seq);
    const [oldest] = this.#seqs.keys();
    if (oldest !== undefined && this.#seqs.size > 2 * LIMITS.undoDepth) this.#seqs.delete(oldest);
  }

  /** Another timeline: its numbers are other ones. */
  forgetNames(): void {
    this.#seqs.clear();
  }

  /** Anything may have changed. */
  touch(): void {
    this.#stale = true;
    this.version += 1;
  }

  /** A command of ours has come into the outbox, as its last. */
  added({ body, createdAt }: OutboxEntry): void {
    const simple = body.type === 'shape.draw' && !this.#source.state()?.shapes.has(body.stroke.id);
    if (!simple || this.#stale) return this.touch();
    this.#shapes.set(body.stroke.id, pendingView(body.stroke, this.#source.self(), createdAt));
    this.version += 1;
  }

  /** An event was applied to the state; if it was ours, it has left the outbox. */
  applied(event: TimelineEvent): void {
    if (this.#stale) return;
    const pending = [...this.#source.pending()].filter(({ body }) => body.type !== 'message.post');
    const simple = pending.length < 50 && pending.every(({ body }) => body.type === 'shape.draw');
    if (!simple || (event.type !== 'shape.drawn' && event.type !== 'shapes.erased')) return this.touch();
    // Ours may be finished already, and on its way.
    if (event.type === 'shape.drawn' && event.partial) return this.touch();
    this.version += 1;
    if (event.type === 'shapes.erased') {
      for (const id of event.shapes) this.#shapes.delete(id);
      return;
    }
    const { id } = event.stroke;
    const shape = this.#source.state()?.shapes.get(id);
    // Set anew, so that it lies above what was confirmed before and below what is pending.
    this.#shapes.delete(id);
    if (shape) this.#shapes.set(id, shape);
    for (const { body } of pending) if (body.type === 'shape.draw') this.#raise(body.stroke.id);
  }

  #raise(id: string): void {
    const shape = this.#shapes.get(id);
    if (!shape?.pending) return;
    this.#shapes.delete(id);
    this.#shapes.set(id, shape);
  }

  #rebuild(): void {
    this.#stale = false;
    const state = this.#source.state();
    const self = this.#source.self();
    const old = this.#shapes;
    const shapes = (this.#shapes = new Map<string, ShapeView>());
    const laid = overlay(state, this.#source.pending(), this.#seqs, (stroke, at) => {
      const before = old.get(stroke.id);
      // Our index comes with our first event.
      return before?.pending && before.by === self ? before : pendingView(stroke, self, at);
    });
    for (const shape of state?.shapes.values() ?? []) {
      const changed = laid.get(shape.id);
      const shown: ShapeView = changed?.shape ?? shape;
      if (!(changed ?? shape).hidden && !shown.pending) shapes.set(shape.id, shown);
    }
    for (const [id, { shape, hidden }] of laid) if (!hidden) shapes.set(id, shape);
  }
}

function pendingView(stroke: Stroke, by: number, at: number): ShapeView {
  const last = Number.MAX_SAFE_INTEGER;
  return { ...stroke, by, at, seq: last, since: last, pending: true };
}
