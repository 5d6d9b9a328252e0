/**
 * Many people in a process of their own, so that what they cost is not the server's nor the test's:
 * told to come in, and then to go and come back all at one moment. Started by `ReturningCrowd`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Refusal } from '../../protocol/errors.js';
import { PEOPLE_NAMESPACE, PROTOCOL_VERSION } from '../../protocol/version.js';
import { within } from '../support/patience.js';
import type { Scope } from '../support/scope.js';
import { RawWebSocket } from './raw-websocket.js';

/** Milliseconds that a crowd has for whatever it is told: for coming in as for coming back. */
const OBEYS_WITHIN = 180_000;

/** How a crowd came back. */
export interface Return {
  /** Milliseconds until the last one was in the room again. */
  readonly took: number;
  /** What they were refused with on the way, by code, and how often. */
  readonly refused: Readonly<Record<string, number>>;
  /** How many connections ended without a word before their people were in, and were made again. */
  readonly cut: number;
}

type Order = { readonly come: readonly string[]; readonly rooms: number } | 'return' | 'go';

/** The crowd as a test holds it. */
export class ReturningCrowd {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** One person for each token, each in one of so many rooms. */
  static async gather(scope: Scope, server: string, tokens: readonly string[], rooms: number): Promise<ReturningCrowd> {
    const child = fork(fileURLToPath(import.meta.url), [server]);
    const crowd = new ReturningCrowd(child);
    scope.after(() => crowd.#end());
    await crowd.#order({ come: tokens, rooms });
    return crowd;
  }

  /** Everyone, gone before, comes back at once. */
  async return(): Promise<Return> {
    return (await this.#order('return')) as Return;
  }

  /** Everyone goes without a word. */
  async go(): Promise<void> {
    await this.#order('go');
  }

  async #order(order: Order): Promise<unknown> {
    const done = once(this.#child, 'message');
    const died = once(this.#child, 'exit').then(() => Promise.reject(new Error('The crowd died.')));
    died.catch(() => undefined);
    this.#child.send(order);
    const obeyed = within(OBEYS_WITHIN, Promise.race([done, died]), () => 'The crowd has not done what it was told.');
    const [answer] = (await obeyed) as [unknown];
    return answer;
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}

/**
 * Someone who comes back as our client does: after what the server says, or else after a moment.
 */
class Person {
  readonly #server: string;
  readonly #token: string;
  readonly #room: string;
  readonly refused: string[] = [];
  cut = 0;
  #socket: RawWebSocket | undefined;

  constructor(server: string, token: string, room: string) {
    this.#server = server;
    this.#token = token;
    this.#room = room;
  }

  go(): void {
    this.#socket?.close();
  }

  async come(): Promise<void> {
    this.refused.length = 0;
    this.cut = 0;
    for (;;) {
      let wait: number;
      try {
        const refusal = await this.#enter();
        if (!refusal) return;
        this.refused.push(refusal.code);
        wait = refusal.retryAfter ?? 1_000;
      } catch {
        this.cut += 1;
        wait = 500 + Math.random() * 500;
      }
      this.go();
      await pause(wait);
    }
  }

  async #enter(): Promise<Refusal | undefined> {
    const socket = await RawWebSocket.open(this.#server);
    this.#socket = socket;
    const answered = socket.hears(text => text.includes('"welcome"') || text.startsWith(`44${PEOPLE_NAMESPACE},`));
    socket.text(`40${PEOPLE_NAMESPACE},${JSON.stringify({ token: this.#token, protocol: PROTOCOL_VERSION })}`);
    const answer = await answered;
    if (answer.startsWith('44')) {
      return (JSON.parse(answer.slice(answer.indexOf(',') + 1)) as { readonly data: Refusal }).data;
    }
    const joined = socket.hears(text => text.startsWith(`43${PEOPLE_NAMESPACE},0[`));
    socket.text(`42${PEOPLE_NAMESPACE},0${JSON.stringify(['join', { room: this.#room }])}`);
    const [said] = JSON.parse((await joined).slice(`43${PEOPLE_NAMESPACE},0`.length)) as [
      { readonly ok: boolean; readonly error?: Refusal },
    ];
    return said.error;
  }
}

function obey(server: string, tell: (answer: object) => void): (order: Order) => void {
  let people: readonly Person[] = [];
  async function come(tokens: readonly string[], rooms: number): Promise<void> {
    people = tokens.map((token, index) => new Person(server, token, `room-${index % rooms}`));
    for (let index = 0; index < people.length; index += 50) {
      await Promise.all(people.slice(index, index + 50).map(person => person.come()));
    }
  }
  function go(): void {
    for (const person of people) person.go();
    tell({});
  }
  async function back(): Promise<Return> {
    const started = performance.now();
    await Promise.all(people.map(person => person.come()));
    const took = Math.round(performance.now() - started);
    const refused: Record<string, number> = {};
    for (const code of people.flatMap(person => person.refused)) refused[code] = (refused[code] ?? 0) + 1;
    return { took, refused, cut: people.reduce((sum, person) => sum + person.cut, 0) };
  }
  return order => {
    if (typeof order === 'object') void come(order.come, order.rooms).then(() => tell({}));
    else if (order === 'go') go();
    else void back().then(tell);
  };
}

const [, started, server] = process.argv;
if (server !== undefined && started === fileURLToPath(import.meta.url)) {
  process.on(
    'message',
    obey(server, answer => process.send?.(answer)),
  );
}
