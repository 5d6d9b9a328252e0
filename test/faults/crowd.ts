/**
 * People who talk and draw at once in one room, each as chance has it, and remember what they were
 * promised.
 */
import { encodeInk, InkEncoder, type InkPoint } from '../../protocol/ink.js';
import { newShapeId } from '../../protocol/names.js';
import { Connections, type Platform, realPlatform, type RoomSession } from '../../widget/session/index.js';
import { PATIENCE, until } from '../support/patience.js';
import { ON_NODES } from '../support/place.js';
import type { Scope } from '../support/scope.js';
import { Absence } from './absence.js';
import { Chance } from './chance.js';
import type { Service } from './service.js';
import { SITE } from './site.js';
import { stroke } from '../support/strokes.js';

export const ROOM = 'lobby';
/** Acknowledgements of messages with fewer of which a test of faults tried nothing. */
export const ENOUGH_PROMISED = 120;

/** Milliseconds between two things that one member does. */
export interface Pace {
  readonly least: number;
  readonly most: number;
}

/** Three nodes and their storage share one machine with the people: these leave it more room. */
const PACE: Pace = ON_NODES ? { least: 60, most: 240 } : { least: 20, most: 80 };
/**
 * How many times faster than in earnest people's timers run, so that many faults fit into a minute.
 */
const HASTE = 5;

/** Ink in halves of a unit, without pressure. */
const FORMAT = { scale: -1, pressure: false } as const;

export interface MemberOptions {
  readonly person: string;
  readonly server: string;
  readonly chance: Chance;
  readonly token: () => Promise<string>;
  readonly pace?: Pace | undefined;
  /** How many times faster than in earnest their timers run; 1 is in earnest. */
  readonly haste?: number | undefined;
}

function inAHurry(haste: number): Platform {
  const platform = realPlatform();
  return { ...platform, after: (ms, task) => platform.after(ms / haste, task) };
}

/** One of the crowd. */
export class Member {
  readonly person: string;
  readonly session: RoomSession;
  /** Every text that was sent. */
  readonly texts: string[] = [];
  /** Every shape that was finished. */
  readonly shapes: string[] = [];
  /** The seq of each message whose acknowledgement was seen, by its text. */
  readonly promised = new Map<string, number>();
  /** What the server would not have, which is nothing if all goes well. */
  readonly refused: string[] = [];
  readonly absence: Absence;
  readonly #chance: Chance;
  #pen: Pen | undefined;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | undefined;

  constructor({ person, server, chance, token, pace = PACE, haste = HASTE }: MemberOptions) {
    this.person = person;
    this.#chance = chance;
    this.#pace = pace;
    this.session = new Connections(inAHurry(haste)).room({ server, site: SITE, room: ROOM, getToken: token });
    this.absence = new Absence(this.session);
    this.session.onRefused(({ target, refusal }) => this.refused.push(`${target} ${refusal.code}`));
    this.session.subscribe(changed => {
      if (changed.has('messages')) this.#remember();
    });
  }

  /** Goes on until `stop`. */
  start(): void {
    this.#timer = setTimeout(
      () => {
        this.#act();
        this.start();
      },
      this.#chance.between(this.#pace.least, this.#pace.most),
    );
  }

  /** Stops, and lifts the pen. */
  stop(): void {
    clearTimeout(this.#timer);
    while (this.#pen) this.#goOn(this.#pen);
  }

  /** Posts a message. @returns its text, which no other message has */
  say(): string {
    const text = `${this.person} says ${this.texts.length}`;
    this.texts.push(text);
    this.session.send(text);
    return text;
  }

  #act(): void {
    const { session } = this;
    if (this.#pen) {
      this.#goOn(this.#pen);
      return;
    }
    const dice = this.#chance.next();
    if (dice < 0.55) this.say();
    else if (dice < 0.85) this.#pen = this.#penDown();
    else if (dice < 0.93) this.#erase();
    else if (session.canUndo) session.undo();
    else if (session.canRedo) session.redo();
  }

  #penDown(): Pen {
    const pen = { id: newShapeId(), encoder: new InkEncoder(FORMAT), points: [{ x: 0, y: 0 }] };
    this.session.inkBegin([pen.id, 'blue', 3, FORMAT.scale, 0, pen.encoder.add(pen.points)]);
    return pen;
  }

  /** Draws on, or lifts the pen. */
  #goOn(pen: Pen): void {
    const { id, encoder, points } = pen;
    if (this.#chance.next() < 0.7) {
      const next = Array.from({ length: 3 }, (_, index) => ({
        x: (points.length + index) * 7,
        y: this.#chance.between(0, 400),
      }));
      points.push(...next);
      this.session.inkMore(encoder.add(next));
      return;
    }
    this.#pen = undefined;
    this.shapes.push(id);
    this.session.draw(stroke({ id, width: 3, ...FORMAT, points: encodeInk(points, FORMAT) }));
  }

  #erase(): void {
    const id = this.#chance.pick([...this.session.board.shapes.keys()]);
    if (id !== undefined) this.session.erase([id]);
  }

  #remember(): void {
    // What was acknowledged just now is among the last.
    for (const { own, seq, text } of this.session.messages.slice(-200)) {
      if (own && seq !== undefined && !this.promised.has(text)) this.promised.set(text, seq);
    }
  }
}

export interface CrowdOptions {
  readonly people: number;
  readonly chance: Chance;
  readonly server: Service;
  /** Where each of them connects; default an entrance of their own. */
  readonly urls?: readonly string[];
  readonly pace?: Pace;
  readonly haste?: number;
}

/**
 * People of the server's site, each with a chance of their own, who have not begun yet; gone when
 * the scope ends.
 */
export async function gather(scope: Scope, { people, chance, server, urls, ...how }: CrowdOptions): Promise<Member[]> {
  const entrances = urls ?? (await Promise.all(Array.from({ length: people }, () => server.entrance(scope))));
  const members = entrances.map((entrance, index) => {
    const person = `p${index}`;
    const token = () => server.token({ person });
    return new Member({ person, server: entrance, chance: new Chance(chance.between(0, 1e9)), token, ...how });
  });
  scope.after(async () => {
    for (const member of members) {
      // A test that failed has not.
      member.stop();
      member.session.close();
    }
  });
  return members;
}

/** Ends when half of them are connected at least. */
export async function halfAreThere(members: readonly Member[]): Promise<void> {
  const there = () => members.filter(({ session }) => session.status === 'connected').length;
  await until(
    PATIENCE,
    () => there() >= members.length / 2,
    () => `only ${there()} of ${members.length} are there`,
  );
}

/**
 * Ends when some of them, who are connected, did something that is not acknowledged yet: what
 * breaks at once breaks in the middle of it.
 *
 * @param who asked at each look
 */
export async function workIsUnderWay(who: () => readonly Member[]): Promise<void> {
  await until(
    PATIENCE,
    () => who().some(({ session }) => session.status === 'connected' && session.waiting > 0),
    () => `nothing is under way: ${who().length} people are there`,
  );
}

/** Acknowledgements of messages that were seen. */
export function promises(members: readonly Member[]): number {
  return members.reduce((sum, { promised }) => sum + promised.size, 0);
}

/** Ends when so many acknowledgements were seen, however long, as long as there are ever more. */
export async function untilPromised(members: readonly Member[], count: number): Promise<void> {
  for (let seen = promises(members); seen < count; seen = promises(members)) {
    const before = seen;
    await until(
      PATIENCE,
      () => promises(members) > before,
      () => `${before} messages were acknowledged, and not ${count}: nothing moves`,
    );
  }
}

/** Has them stop, once enough was acknowledged for a verdict. */
export async function finishTalk(members: readonly Member[]): Promise<void> {
  await untilPromised(members, ENOUGH_PROMISED);
  for (const member of members) member.stop();
}

/** A stroke that is being drawn. */
interface Pen {
  readonly id: string;
  readonly encoder: InkEncoder;
  readonly points: InkPoint[];
}
