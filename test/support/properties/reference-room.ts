import assert from 'node:assert/strict';

import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { evolve } from '../../../protocol/timeline/evolve.js';
import {
  emptyState,
  fromSnapshot,
  type HeldState,
  shapesSince,
  type Snapshot,
  visibleShapes,
} from '../../../protocol/timeline/state.js';
import type { AcceptedCommand, Append, CommandRef, OpenedRoom, TurnRequest } from '../../../server/domain/storage.js';
import { roomKey } from '../room-key.js';

/** The room that properties are about. */
export const ROOM = roomKey('acme', 'algebra-101');

/**
 * A room's storage as the port describes it (server/domain/storage.ts), in as few words as will do: all events, and one whole
 * state of which nothing is ever let go. What every other holder of the room is compared with.
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
    const state = fromSnapshot({ ...this.snapshot(), messages: [] });
    return { ...needed, state, events: [] };
  }

  append({ events, accepted }: Append): void {
    for (const { event } of events) {
      assert.equal(event.prev, this.whole.seq, 'each event names the one before it');
      assert.ok(event.seq > event.prev, 'numbers rise');
      evolve(this.whole, event);
      this.events.push(event);
    }
    this.accepted.push(...accepted);
  }

  /** Every event after `seq`. */
  after(seq: number): AnyEvent[] {
    return this.events.filter(event => event.seq > seq);
  }

  /** What a late joiner is given now. */
  snapshot(): Snapshot {
    const { epoch, seq, redactions, people, messages, settings } = this.whole;
    const shapes = visibleShapes(this.whole).sort((one, other) => one.seq - other.seq);
    const newest = [...messages.values()].slice(-LIMITS.messagesPerPage);
    return structuredClone({
      ...{ epoch, seq, redactions },
      people: [...people],
      messages: newest,
      more: newest.length < messages.size,
      shapes: shapes.map(({ since: _, hidden: __, ...shape }) => shape),
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
