/**
 * The traffic of a soak: seats that somebody always sits on, who come and go, and people who only
 * ask over HTTP.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { Connections } from '../../widget/session/index.js';
import { Chance } from '../faults/chance.js';
import type { LoneServer } from '../faults/lone-server.js';
import { CuttableWay } from './cuttable-way.js';
import { Tally } from './tally.js';
import { newStroke, Visit } from './visit.js';

/** What an unhurried half hour of a small school is taken to be. Times in milliseconds. */
export const STEADY = {
  /** People who are there at any time, and rooms that they are in. */
  seats: 24,
  rooms: 6,
  /** How long somebody stays before they leave, or load the page anew. */
  visit: { least: 375_000, most: 1_125_000 },
  /** How long a room is in use before everyone goes on to another one. */
  room: 300_000,
  /** From one cut of half of the connections to the next. */
  cut: 600_000,
  /** From one reader over HTTP to the next. */
  reader: 3_000,
} as const;

/**
 * Seconds after which tokens end, whatever the pace: so they are refreshed while people are there.
 */
const TOKEN_LIFETIME = 40;

/**
 * What is drawn in a room of the soak before everyone goes on to another one: four people, a thing
 * every five seconds, for five minutes.
 */
const STROKES_OF_ROOM = 50;

export interface TrafficOptions {
  readonly server: LoneServer;
  readonly site: string;
  /** The origin of pages, from which guests come. */
  readonly origin: string;
  readonly pace: number;
  readonly seed: number;
}

export class Traffic {
  readonly tally = new Tally();
  readonly #options: TrafficOptions;
  readonly #chance: Chance;
  readonly #began = Date.now();
  #way: CuttableWay | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#chance = new Chance(options.seed);
  }

  /**
   * Has so many rooms talked and drawn in, and read, as those of the soak are, one after the other;
   * nobody is in them later.
   */
  async fillRooms(rooms: number): Promise<void> {
    const { server, site } = this.#options;
    for (let number = 0; number < rooms; number += 1) {
      const getToken = () => server.token({ person: `early-${number}` });
      const session = new Connections().room({ server: server.url, site, room: `early-${number}`, getToken });
      session.send('We were here.');
      for (let strokes = 0; strokes < STROKES_OF_ROOM; strokes += 1) session.draw(newStroke(this.#chance));
      await session.settled();
      session.close();
      await this.#get(`early-${number}/snapshot`, await getToken());
    }
  }

  /** Lets everyone in; ends with `stop`. */
  async start(): Promise<void> {
    const way = await CuttableWay.to(this.#options.server.url);
    this.#way = way;
    const seats = Array.from({ length: STEADY.seats }, (_, seat) => this.#sit(seat, way));
    const cutting = this.#every(STEADY.cut, () => {
      this.tally.count('cuts of half of the connections');
      way.cut();
      return Promise.resolve();
    });
    this.#work = Promise.all([...seats, cutting, this.#every(STEADY.reader, () => this.#read())]);
  }

  /** Ends when everyone has gone. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    this.#way?.close();
  }

  async #sit(seat: number, way: CuttableWay): Promise<void> {
    const { server, site, pace } = this.#options;
    const chance = new Chance(this.#chance.between(0, 1e9));
    for (let visits = 0; !this.#isOver; visits += 1) {
      const dice = chance.next();
      const isGuest = dice < 0.2;
      if (isGuest) await this.#mintGuest(seat);
      const visit = new Visit({
        server: seat % 2 === 0 ? server.url : way.url,
        site,
        room: this.#room(seat),
        getToken: () => this.#token(isGuest ? `new-${seat}-${visits}` : `p${seat}-${visits % 5}`),
        transports: dice > 0.8 ? ['polling'] : ['websocket'],
        chance,
        tally: this.tally,
        pace,
      });
      await this.#pause(chance.between(STEADY.visit.least, STEADY.visit.most));
      visit.end();
    }
  }

  /** The room of a seat just now: open to guests, and another one after a while. */
  #room(seat: number): string {
    const generation = Math.floor(((Date.now() - this.#began) * this.#options.pace) / STEADY.room);
    return `open-${seat % STEADY.rooms}-${generation}`;
  }

  #token(person: string): Promise<string> {
    this.tally.count('tokens');
    return this.#options.server.token({ person, lifetime: TOKEN_LIFETIME });
  }

  /**
   * A guest's token is asked for as a page does. Guests come from pages alone, so whoever sits down
   * is a person that was never seen before.
   */
  async #mintGuest(seat: number): Promise<void> {
    const { server, site, origin } = this.#options;
    this.tally.count('guests');
    const answer = await fetch(`${server.url}/v1/sites/${site}/guests`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'A guest', room: this.#room(seat) }),
    });
    if (!answer.ok) this.tally.count(`answers with ${answer.status}`);
    await answer.body?.cancel();
  }

  /** Somebody who only reads: a snapshot, and a page of the talk. */
  async #read(): Promise<void> {
    const token = await this.#token(`reader-${this.#chance.between(1, 40)}`);
    for (const path of ['snapshot', 'messages?before=40']) {
      this.tally.count('readers over HTTP');
      await this.#get(`${this.#room(this.#chance.between(0, STEADY.rooms))}/${path}`, token);
    }
  }

  async #get(path: string, token: string): Promise<void> {
    const { server, site } = this.#options;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${server.url}/v1/sites/${site}/rooms/${path}`, { headers });
    if (!answer.ok) this.tally.count(`answers with ${answer.status}`);
    await answer.body?.cancel();
  }

  async #every(milliseconds: number, act: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      await act();
      await this.#pause(milliseconds);
    }
  }

  /** So long in an unhurried room; less at this pace, or where all is over. */
  async #pause(milliseconds: number): Promise<void> {
    const until = Date.now() + milliseconds / this.#options.pace;
    while (!this.#isOver && Date.now() < until) await pause(Math.min(200, Math.max(1, until - Date.now())));
  }
}
