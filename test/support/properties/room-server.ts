import assert from 'node:assert/strict';

import { canonicalCommand } from '../../../server/domain/canonical-command.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { decideTurn, type Outcome, turnRequest } from '../../../server/domain/room-turn.js';
import { type ReferenceRoom, ROOM } from './reference-room.js';
import type { Given } from './story.js';

/**
 * One server of a room, with the real rules and the real memory: takes turns on a storage that other servers may use as well, and
 * may forget what it remembers. All of it synchronous, which the real one (server/domain/rooms.ts) is not.
 */
export class RoomServer {
  memory: RoomMemory | undefined;
  readonly #room: ReferenceRoom;

  constructor(room: ReferenceRoom) {
    this.#room = room;
  }

  /** Lets go of the room: it is loaded anew when it is needed. */
  forget(): void {
    this.memory = undefined;
  }

  /** One turn. @returns what became of each command, in order. Throws where deciding does. */
  take(given: readonly Given[], at = 0): readonly Outcome[] {
    const waiting = given.map(({ actor, command }) => ({ actor, command, digest: canonicalCommand(command.body) }));
    const opened = this.#room.open(turnRequest(ROOM, this.memory, waiting));
    const memory = opened.state ? new RoomMemory(opened.state) : this.memory;
    assert.ok(memory);
    if (!memory.catchUp(opened.events)) {
      this.forget();
      return this.take(given, at);
    }
    this.memory = memory;
    const { append, outcomes } = decideTurn(memory, opened, waiting, at, fault => {
      throw fault;
    });
    this.#room.append(structuredClone(append));
    return outcomes;
  }
}
