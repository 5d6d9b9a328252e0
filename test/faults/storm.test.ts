import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { LIMITS } from '../../protocol/limits.js';
import { DEFAULT_RATES } from '../../server/limits/rates.js';
import { Connections, type RoomSession } from '../../widget/session/index.js';
import { PATIENCE, within } from '../support/patience.js';
import { ReturningCrowd } from './returning-crowd.js';
import { type Service, startService } from './service.js';
import { SITE } from './site.js';

const CLIENTS = 2_000;
/** Rooms that they are spread over. */
const ROOMS = 100;
/** Milliseconds in which all must be back. */
const BACK_WITHIN = 15_000;
/** Milliseconds that a message between two bystanders may take, but for one in a hundred. */
const UNDISTURBED = 250;
/** Milliseconds between two messages of bystanders. */
const EVERY = 40;
/** Messages of bystanders before anything happens, and after all were cut. */
const AT_PEACE = 40;

test(`${CLIENTS} clients that come back at one moment are all let in, and bystanders hardly notice`, async t => {
  const server = await startService(t);
  const tokens = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => server.token({ person: `p${index}`, lifetime: 600 })),
  );
  const crowd = await ReturningCrowd.gather(t, server.url, tokens, ROOMS);
  const quiet = await Bystanders.enter(server);
  await quiet.talk(AT_PEACE);
  const peace = quiet.figures();
  await crowd.go();
  await quiet.talk(AT_PEACE);
  const cut = quiet.figures();
  const coming = crowd.return();
  await quiet.talkUntil(coming);
  const back = await coming;
  const storm = quiet.figures();
  quiet.close();

  t.diagnostic(
    `limits in force: ${JSON.stringify(DEFAULT_RATES)}, ${LIMITS.connectionsPerPerson} connections a person`,
  );
  t.diagnostic(
    `all ${CLIENTS} were back after ${back.took} ms; refused ${JSON.stringify(back.refused)}, cut ${back.cut}`,
  );
  t.diagnostic(`messages between bystanders, in ms: at peace ${JSON.stringify(peace)}`);
  t.diagnostic(
    `while all were cut at one moment ${JSON.stringify(cut)}, while they came back ${JSON.stringify(storm)}`,
  );
  assert.deepEqual(back.refused, {});
  assert.ok(back.took < BACK_WITHIN, `${back.took} ms`);
  assert.ok(storm.p99 < UNDISTURBED, `p99 ${storm.p99} ms`);
});

/** How long messages took from one bystander to the other, in milliseconds. */
interface Figures {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

/** Two who talk in a room of their own. */
class Bystanders {
  readonly #speaker: RoomSession;
  readonly #listener: RoomSession;
  /** When messages were sent that have not been heard. */
  readonly #underway = new Map<string, number>();
  #took: number[] = [];
  #said = 0;

  private constructor(speaker: RoomSession, listener: RoomSession) {
    this.#speaker = speaker;
    this.#listener = listener;
    listener.subscribe(() => this.#listen());
  }

  static async enter(server: Service): Promise<Bystanders> {
    const [speaker, listener] = ['ann', 'ben'].map(person =>
      new Connections().room({
        server: server.url,
        site: SITE,
        room: 'quiet',
        getToken: () => server.token({ person }),
      }),
    );
    assert.ok(speaker && listener);
    speaker.send('hello');
    const heard = new Promise<void>(resolve => {
      const stop = listener.subscribe(() => {
        if (listener.messages.length === 0) return;
        queueMicrotask(() => stop());
        resolve();
      });
    });
    await within(
      PATIENCE,
      heard,
      () => `the bystanders are ${speaker.status} and ${listener.status}, and hear nothing`,
    );
    return new Bystanders(speaker, listener);
  }

  async talk(messages: number): Promise<void> {
    for (let left = messages; left > 0; left -= 1) await this.#say();
  }

  async talkUntil(over: Promise<unknown>): Promise<void> {
    let goOn = true;
    const stop = () => (goOn = false);
    over.then(stop, stop);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- changes meanwhile
    while (goOn) await this.#say();
  }

  /**
   * Of all that was said since they were last asked for; what was not heard yet has taken until
   * now.
   */
  figures(): Figures {
    for (const at of this.#underway.values()) this.#took.push(performance.now() - at);
    const sorted = this.#took.sort((one, other) => one - other);
    this.#took = [];
    const at = (part: number) => Math.round(sorted[Math.floor(sorted.length * part)] ?? 0);
    return { count: sorted.length, median: at(0.5), p99: at(0.99), longest: Math.round(sorted.at(-1) ?? 0) };
  }

  close(): void {
    this.#speaker.close();
    this.#listener.close();
  }

  async #say(): Promise<void> {
    this.#said += 1;
    const text = `message ${this.#said}`;
    this.#underway.set(text, performance.now());
    this.#speaker.send(text);
    await pause(EVERY);
  }

  #listen(): void {
    for (const { text } of this.#listener.messages.slice(-200)) {
      const at = this.#underway.get(text);
      if (at === undefined) continue;
      this.#took.push(performance.now() - at);
      this.#underway.delete(text);
    }
  }
}
