/** People who talk with each other while somebody attacks the server: they must notice nothing. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import type { Backend } from '../support/backend.js';
import { within } from '../support/patience.js';
import { Talker } from '../support/talker.js';
import { isPosted } from '../support/commands.js';

/** Where the attacks take place, at the site `acme`. */
export const ROOM = 'lobby';

/**
 * Milliseconds that a message may take from one to the other, however much goes on. Generous: a
 * busy machine runs all of it.
 */
const PATIENCE = 10_000;
/** Milliseconds between two messages: nobody talks as fast as an attack goes. */
const BREATH = 50;

/** How many messages went from one to the other, and how long the slowest took in milliseconds. */
export interface Talk {
  readonly messages: number;
  readonly slowest: number;
}

export class Bystanders {
  readonly #pairs: readonly (readonly [Talker, Talker])[];
  #said = 0;

  private constructor(pairs: readonly (readonly [Talker, Talker])[]) {
    this.#pairs = pairs;
  }

  /** A pair in the room that is attacked, and one in a room of the same name at another site. */
  static async gather(backend: Backend): Promise<Bystanders> {
    const pairs = await Promise.all(
      ['acme', 'globex'].map(async site => {
        const enter = (person: string) => Talker.enter(backend, { site, person });
        const pair = [await enter('ann'), await enter('bob')] as const;
        for (const talker of pair) await talker.join(ROOM);
        return pair;
      }),
    );
    return new Bystanders(pairs);
  }

  /** Those of the room that is attacked. */
  get near(): Talker {
    const [near] = this.#pairs;
    assert.ok(near);
    return near[0];
  }

  /**
   * They talk until `attack` is over, and once more after it. Rejects where somebody is not
   * answered, or not heard.
   */
  async talkThrough(attack: Promise<unknown>): Promise<Talk> {
    const over = new AbortController();
    const ended = attack.then(
      () => over.abort(),
      () => over.abort(),
    );
    let messages = 0;
    let slowest = 0;
    const talk = async (): Promise<void> => {
      slowest = Math.max(slowest, await this.#talk());
      messages += this.#pairs.length;
    };
    while (!over.signal.aborted) {
      await talk();
      await Promise.race([ended, pause(BREATH)]);
    }
    await talk();
    return { messages, slowest };
  }

  /** A message in each pair, from one to the other; milliseconds until all were heard. */
  async #talk(): Promise<number> {
    this.#said += 1;
    const text = `still here ${this.#said}`;
    const turn = this.#said % 2;
    const started = performance.now();
    const heard = Promise.all(
      this.#pairs.map(async ([one, other]) => {
        const [speaker, listener] = turn === 0 ? [one, other] : [other, one];
        const heard = listener.hears('events', ({ events }) =>
          events.some(event => isPosted(event) && event.text === text),
        );
        await speaker.post(ROOM, text);
        await heard;
      }),
    );
    await within(PATIENCE, heard, () => 'a message of somebody else never comes');
    return performance.now() - started;
  }
}
