import assert from 'node:assert/strict';

import { LIMITS } from '../../../protocol/limits.js';
import type { Effect } from '../../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import {
  emptyState,
  type HeldState,
  type Shape,
  shapesSince,
  type Snapshot,
  visibleShapes,
} from '../../../protocol/timeline/state.js';
import type { AcceptedCommand, Append, CommandRef, OpenedRoom, TurnRequest } from '../../../server/domain/storage.js';
import { roomKey } from '../room-key.js';

/** The room that properties are about. */
export const ROOM = roomKey('acme', 'algebra-101');

/**
 * A room's storage as the port describes it (server/domain/storage.ts), in as few words as will do:
 * all events, and one whole state of which nothing is ever let go. What every other holder of the
 * room is compared with.
 */
export class ReferenceRoom {
  readonly key = ROOM;
  readonly whole: HeldState;
  readonly events: AnyEvent[] = [];
  readonly accepted: AcceptedCommand[] = [];

  constructor(epoch = 'epoch') {
    this.whole = emptyState(epoch);
  }

  open({ room, after, commands, undos, shapes, messages }: TurnRequest): OpenedRoom {
    const known = commands.flatMap(ref => this.#find(ref));
    const undoable = undos.flatMap(ref => this.#find(ref)).filter(command => command.undoable);
    const needed = {
      room,
      accepted: known,
      undos: undoable.map(({ person, id, seq }) => ({ person, id, seq, later: this.#laterThan(person, seq) })),
      shapes: [
        ...undoable.flatMap(({ seq }) => shapesSince(this.whole, seq)),
        ...shapes.flatMap(id => this.whole.shapes.get(id) ?? []),
      ],
      messages: messages.flatMap(seq => this.whole.messages.get(seq) ?? []),
    };
    if (after?.epoch === this.whole.epoch) return { ...needed, events: this.after(after.seq) };
    const { people, settings } = this.whole;
    const held = { people: new Map(people), messages: new Map(), settings: new Map(settings) };
    const state: HeldState = { ...this.whole, ...held, shapes: byId(visibleShapes(this.whole)) };
    return { ...needed, state, events: [] };
  }

  /** Keeps what a turn decided, whose effects are those that the whole state has. */
  append({ events, accepted }: Append): void {
    for (const { event, effects } of events) assert.deepEqual(inOrder(effects), inOrder(this.happen(event)));
    this.accepted.push(...accepted);
  }

  /** Something happens, whoever decided it. @returns what it changes */
  happen(event: AnyEvent): readonly Effect[] {
    assert.equal(event.prev, this.whole.seq, 'each event names the one before it');
    assert.ok(event.seq > event.prev, 'numbers rise');
    this.events.push(event);
    return evolve(this.whole, event);
  }

  /** Every event after `seq`. */
  after(seq: number): AnyEvent[] {
    return this.events.filter(event => event.seq > seq);
  }

  /** What a late joiner is given now. */
  snapshot(): Snapshot {
    const { epoch, seq, redactions, people, messages, settings } = this.whole;
    const visible = visibleShapes(this.whole).sort((one, other) => one.seq - other.seq);
    const shapes = visible.map(({ since: _, hidden: __, ...shape }) => shape);
    const newest = [...messages.values()].slice(-LIMITS.messagesPerPage);
    return structuredClone({
      ...{ epoch, seq, redactions, shapes },
      people: [...people],
      messages: newest,
      more: newest.length < messages.size,
      settings: [...settings],
    });
  }

  #find({ person, id }: CommandRef): AcceptedCommand[] {
    return this.accepted.filter(each => each.person === person && each.id === id);
  }

  #laterThan(person: string, seq: number): number {
    return this.accepted.filter(each => each.undoable && each.person === person && each.seq > seq).length;
  }
}

/**
 * Effects with their rows in one order: who let go of hidden shapes and has them again has them in
 * another.
 */
function inOrder(effects: readonly Effect[]): readonly unknown[] {
  return effects
    .map(effect => JSON.stringify('ids' in effect ? { ...effect, ids: [...effect.ids].sort() } : effect))
    .sort();
}

function byId(shapes: readonly Shape[]): Map<string, Shape> {
  return new Map(shapes.map(shape => [shape.id, shape]));
}
