import assert from 'node:assert/strict';

import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { type SitePolicy, textOf } from '../../../server/domain/commands/command.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { decideTurn, type Outcome, turnRequest } from '../../../server/domain/room-turn.js';
import { ruleOf } from '../commands.js';
import { type ReferenceRoom, ROOM } from './reference-room.js';
import type { Given } from './story.js';

/**
 * One server of a room, with the real rules and the real memory: takes turns on a storage that
 * other servers may use as well, and may forget what it remembers. All of it synchronous, which the
 * real one (server/domain/rooms.ts) is not.
 */
export class RoomServer {
  memory: RoomMemory | undefined;
  readonly #room: ReferenceRoom;
  readonly #policy: SitePolicy;

  constructor(room: ReferenceRoom, policy: SitePolicy = { keepsTimes: true }) {
    this.#room = room;
    this.#policy = policy;
  }

  /** Lets go of the room: it is loaded anew when it is needed. */
  forget(): void {
    this.memory = undefined;
  }

  /** One turn. @returns what became of each command, in order. Throws where deciding does. */
  take(given: readonly Given[], at = 0): readonly Outcome[] {
    const waiting = given.map(({ actor, command }) => {
      const rule = ruleOf(command.body);
      return { actor, command, rule, digest: textOf(command.body, rule) };
    });
    const opened = this.#room.open(turnRequest(ROOM, this.memory, waiting));
    const memory = opened.state ? new RoomMemory(opened.state, EVENTS) : this.memory;
    assert.ok(memory);
    if (!memory.catchUp(opened.events)) {
      this.forget();
      return this.take(given, at);
    }
    this.memory = memory;
    const report = (fault: unknown): never => {
      throw fault;
    };
    const { append, outcomes } = decideTurn(memory, opened, waiting, { at, policy: this.#policy, report });
    this.#room.append(structuredClone(append));
    return outcomes;
  }
}
