/**
 * Somebody who says something to one node again and again, and writes down each answer: what the
 * node acknowledged, and when.
 */
import assert from 'node:assert/strict';

import { newCommandId } from '../../../protocol/names.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import { PEOPLE_NAMESPACE } from '../../../protocol/version.js';
import type { Scope } from '../../support/scope.js';
import { ROOM } from '../crowd.js';
import type { NodeProcesses } from '../node-processes.js';
import { RawWebSocket } from '../raw-websocket.js';
import { isPosted, post } from '../../support/commands.js';

/** Milliseconds between two things that are said; none waits for the answer to another. */
const EVERY = 100;

/**
 * Something that was said, and what was answered: nothing yet, that it is kept, or why not. Times
 * are those of `performance.now()`.
 */
export interface Statement {
  readonly id: string;
  readonly said: number;
  answered?: number;
  /** Where it is kept. */
  seq?: number;
  /** The code of the refusal. */
  refused?: string;
}

export class Witness {
  readonly statements: Statement[] = [];
  readonly #socket: RawWebSocket;
  readonly #timer: NodeJS.Timeout;

  private constructor(socket: RawWebSocket) {
    this.#socket = socket;
    this.#timer = setInterval(() => void this.#say(), EVERY);
  }

  /** One who is in, and talks until the scope ends or `stop` is called. */
  static async on(scope: Scope, nodes: NodeProcesses, place: number): Promise<Witness> {
    const token = await nodes.token({ person: `witness${place}` });
    const witness = new Witness(await RawWebSocket.enter(nodes.node(place).url, token, ROOM));
    scope.after(async () => {
      witness.stop();
      witness.#socket.close();
    });
    return witness;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What was acknowledged before a moment of all that was said from another one on. */
  acknowledged(from: number, before = Infinity): Statement[] {
    return this.statements.filter(
      ({ said, answered = Infinity, seq }) => seq !== undefined && said >= from && answered < before,
    );
  }

  /**
   * What was acknowledged is in the log where it was promised to be; and nothing is there twice,
   * whatever was answered.
   */
  holdTo(events: readonly AnyEvent[]): void {
    const seqs = new Map<string, number[]>();
    // The first command of somebody makes two events: that they entered, and the message.
    for (const { command, seq } of events.filter(isPosted)) {
      seqs.set(command, [...(seqs.get(command) ?? []), seq]);
    }
    for (const { id, seq } of this.statements) {
      const kept = seqs.get(id) ?? [];
      if (seq === undefined) assert.ok(kept.length <= 1, 'what was said once is there twice');
      else assert.deepEqual(kept, [seq], 'what was acknowledged is not there once');
    }
  }

  async #say(): Promise<void> {
    const statement: Statement = { id: newCommandId(), said: performance.now() };
    const number = this.statements.push(statement);
    const sign = `43${PEOPLE_NAMESPACE},${number}[`;
    const answer = this.#socket.hears(text => text.startsWith(sign));
    const body = post(`statement ${number}`);
    this.#socket.text(
      `42${PEOPLE_NAMESPACE},${number}["command",${JSON.stringify({ room: ROOM, id: statement.id, body })}]`,
    );
    const said = await answer.catch(() => undefined);
    if (said === undefined) return;
    statement.answered = performance.now();
    const seq = /"seq":(\d+)/.exec(said)?.[1];
    if (said.includes('"ok":true') && seq !== undefined) statement.seq = Number(seq);
    else statement.refused = /"code":"(\w+)"/.exec(said)?.[1] ?? said;
  }
}
