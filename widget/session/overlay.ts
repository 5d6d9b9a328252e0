import { LIMITS } from '../../protocol/limits.js';
import { commandModule, type Giver } from '../../protocol/timeline/commands/index.js';
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import { evolve } from '../../protocol/timeline/evolve.js';
import { emptyState, type HeldState, type Message, type RoomState, type Shape } from '../../protocol/timeline/state.js';
import { LayeredRows } from './layered-rows.js';
import type { KeptCommand } from './outbox-store.js';

/** What the overlay is laid over, and what with. */
export interface OverlaySource {
  /** The timeline's state; undefined before the first. */
  state(): HeldState | undefined;
  /** Own commands that the timeline does not show yet, in order. */
  pending(): Iterable<KeptCommand>;
  /** Our own index among the authors, -1 where we have none yet. */
  author(): number;
}

/**
 * Events that the server has not made yet are numbered from here: above every seq of a timeline.
 */
const PROVISIONAL = 2 ** 52;

/**
 * The room as pending commands will leave it, as far as a client can tell: what each of them makes
 * of the state is applied to a layer over the state, by the same rules that the server and the
 * timeline go by. What the server says afterwards wins.
 *
 * The layer is made anew whenever something may change what comes of a pending command. While all
 * of them only add new rows, nothing does: then the layer is carried on, so that drawing costs the
 * same however full the board is.
 */
export class Overlay {
  readonly #source: OverlaySource;
  /** The seqs of own commands that an undo may name. */
  readonly #seqs = new Map<string, number>();
  /** Undefined: to be made anew when it is next needed. */
  #layer: Layer | undefined;

  constructor(source: OverlaySource) {
    this.#source = source;
  }

  /** The state as it will be. */
  get state(): RoomState {
    return this.#present.state;
  }

  /**
   * The shapes that pending commands put, by id: new ones, or others in the place of what was
   * there.
   */
  get shapes(): ReadonlySet<string> {
    return this.#present.shapes;
  }

  /** The pending command that put a message; undefined where none did. */
  commandOf({ seq }: Message): string | undefined {
    return this.#present.messages.get(seq);
  }

  /** Whether the server has not kept a message yet, so that it has no place on the timeline. */
  isProvisional({ seq }: Message): boolean {
    return seq > PROVISIONAL;
  }

  /** An own command has become the event `seq`. */
  name(command: string, seq: number): void {
    this.#seqs.set(command, seq);
    const [oldest] = this.#seqs.keys();
    if (oldest !== undefined && this.#seqs.size > 2 * LIMITS.undoDepth) this.#seqs.delete(oldest);
  }

  /** Another timeline: its seqs are other ones. */
  forgetNames(): void {
    this.#seqs.clear();
  }

  /** Anything may have changed. */
  invalidate(): void {
    this.#layer = undefined;
  }

  /**
   * A command is pending now, the last of all. @returns what it changes; undefined where all is to
   * be read anew
   */
  add(command: KeptCommand): readonly Effect[] | undefined {
    return this.#layer?.lay(command);
  }

  /**
   * An event was applied to the state.
   *
   * @param command what it came from, if that was pending and is not any more
   * @returns whether it is the only change; otherwise all is to be read anew
   */
  follow(effects: readonly Effect[], command?: string): boolean {
    const layer = this.#layer;
    this.#layer = undefined;
    if (!layer?.onlyAdds || layer.author !== this.#source.author()) return false;
    if (command !== undefined) layer.lift(command);
    if (layer.covers(effects)) return false;
    this.#layer = layer;
    return true;
  }

  /** The new messages that would come of a command if it were given now. */
  newMessages(command: KeptCommand): readonly Message[] {
    const effects = new Layer(this.#source, this.#seqs, []).lay(command);
    return effects.flatMap(effect => (effect.type === 'putMessage' && effect.isNew ? effect.message : []));
  }

  get #present(): Layer {
    return (this.#layer ??= new Layer(this.#source, this.#seqs, this.#source.pending()));
  }
}

/** A state over another one, and which pending commands made it so. */
class Layer {
  readonly state: RoomState;
  readonly author: number;
  /** By id, those that were put. */
  readonly shapes = new Set<string>();
  /** The commands that put them, by seq. */
  readonly messages = new Map<number, string>();
  readonly #seqs: ReadonlyMap<string, number>;
  readonly #shapeRows: LayeredRows<string, Shape>;
  readonly #messageRows: LayeredRows<number, Message>;
  readonly #laid = new Map<string, LaidCommand>();
  #onlyAdds = true;

  constructor(source: OverlaySource, seqs: ReadonlyMap<string, number>, pending: Iterable<KeptCommand>) {
    this.author = source.author();
    this.#seqs = seqs;
    const { people, messages, shapes, settings, ...rest } = source.state() ?? emptyState('');
    this.#shapeRows = new LayeredRows(shapes);
    this.#messageRows = new LayeredRows(messages);
    this.state = {
      ...rest,
      seq: PROVISIONAL,
      people: new LayeredRows(people),
      messages: this.#messageRows,
      shapes: this.#shapeRows,
      settings: new LayeredRows(settings),
    };
    for (const command of pending) this.lay(command);
  }

  /**
   * Whether each command did nothing but add new rows, so that events leave it as it is where they
   * touch none of them.
   */
  get onlyAdds(): boolean {
    return this.#onlyAdds;
  }

  /** Applies what comes of a command. @returns what that changed */
  lay({ id, body, createdAt: at }: KeptCommand): readonly Effect[] {
    const { state, author: by } = this;
    const giver: Giver = { author: by, eventOf: command => this.#laid.get(command)?.seq ?? this.#seqs.get(command) };
    const outcome = commandModule(body.type)?.outcome(state, body, giver) ?? [];
    const effects = outcome.flatMap(payload => {
      const { seq: prev } = state;
      const event: AnyEvent = { ...payload, seq: prev + 1, prev, at, by, command: id };
      return evolve(state, event);
    });
    this.#laid.set(id, { seq: outcome.length > 0 ? state.seq : undefined, effects });
    this.#onlyAdds &&= effects.length > 0 && effects.every(isAddition);
    for (const effect of effects) {
      if (effect.type === 'putShape') this.shapes.add(effect.shape.id);
      else if (effect.type === 'putMessage') this.messages.set(effect.message.seq, id);
    }
    return effects;
  }

  /** Takes the new rows of a command away. */
  lift(command: string): void {
    for (const effect of this.#laid.get(command)?.effects ?? []) {
      if (effect.type === 'putShape') {
        this.#shapeRows.uncover(effect.shape.id);
        this.shapes.delete(effect.shape.id);
      } else if (effect.type === 'putMessage') {
        this.#messageRows.uncover(effect.message.seq);
        this.messages.delete(effect.message.seq);
      }
    }
    this.#laid.delete(command);
  }

  /** Whether it has put any of the shapes that effects put. */
  covers(effects: readonly Effect[]): boolean {
    return effects.some(effect => effect.type === 'putShape' && this.shapes.has(effect.shape.id));
  }
}

interface LaidCommand {
  /** Its last event; undefined where it changes nothing. */
  readonly seq: number | undefined;
  readonly effects: readonly Effect[];
}

function isAddition(effect: Effect): boolean {
  return (effect.type === 'putShape' || effect.type === 'putMessage') && effect.isNew;
}
