import assert from 'node:assert/strict';

import { RULES } from '../../../server/domain/commands/index.js';
import type { CommandRule, RuleRegistry } from '../../../server/domain/commands/command.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
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
    const waiting = given.map(({ actor, command }) => {
      const rule = ruleOf(command.body.type);
      return { actor, command, rule, digest: JSON.stringify([command.body.type, ...rule.members(command.body)]) };
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
    const { append, outcomes } = decideTurn(memory, opened, waiting, { at, policy: { keepsTimes: true }, report });
    this.#room.append(structuredClone(append));
    return outcomes;
  }
}

function ruleOf(type: string): CommandRule {
  const rules: RuleRegistry = RULES;
  return rules[type] ?? assert.fail();
}
