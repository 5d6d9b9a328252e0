/**
 * Somebody who draws one stroke over a connection that can be cut: raw, so that a thousand of them
 * fit into one process.
 */
import { InkEncoder, encodeInk, type InkPoint } from '../../protocol/ink.js';
import type { LiveStep } from '../../protocol/conversation.js';
import { newCommandId, newShapeId } from '../../protocol/names.js';
import type { StrokeForm } from '../../protocol/shapes/stroke.js';
import { PEOPLE_NAMESPACE } from '../../protocol/version.js';
import { PATIENCE, within } from '../support/patience.js';
import { draw } from '../support/commands.js';
import type { Chance } from './chance.js';
import { RawWebSocket } from './raw-websocket.js';
import { stroke } from '../support/strokes.js';

const FORMAT = { scale: -1, pressure: false } as const;

export interface StrokeAuthorOptions {
  readonly server: string;
  readonly token: string;
  readonly room: string;
  readonly chance: Chance;
}

export class StrokeAuthor {
  readonly room: string;
  readonly shape = newShapeId();
  /** The points that were sent so far, and those of them that the server is known to have. */
  sent = '';
  sure = '';
  readonly #options: StrokeAuthorOptions;
  readonly #chance: Chance;
  readonly #encoder = new InkEncoder(FORMAT);
  readonly #path: InkPoint[] = [{ x: 0, y: 0 }];
  readonly #finish = newCommandId();
  #socket: RawWebSocket | undefined;
  #handle = 0;
  #orders = 0;

  constructor(options: StrokeAuthorOptions) {
    this.#options = options;
    this.#chance = options.chance;
    this.room = options.room;
  }

  /** Comes into the room, for the first time or again. */
  async come(): Promise<void> {
    const { server, token, room } = this.#options;
    this.#socket = await RawWebSocket.enter(server, token, room);
    this.#handle = Number(/"handle":(\d+)/.exec(await this.#order('join', { room }))?.[1]);
  }

  /** Puts the pen down, or says again after a lost connection that it is down. */
  penDown(): void {
    if (this.sent === '') this.sent = this.#encoder.add(this.#path);
    this.#live(['ink', this.shape, 'blue', 3, FORMAT.scale, 0, this.sent]);
  }

  /** Draws on, in so many frames. */
  drawOn(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      const next = Array.from({ length: 4 }, () => ({ x: this.#path.length * 5, y: this.#chance.between(0, 300) }));
      this.#path.push(...next);
      const more = this.#encoder.add(next);
      this.sent += more;
      this.#live(['more', more]);
    }
  }

  /** Resolves when the server has taken all that was sent: an order is answered behind it. */
  async isHeard(): Promise<void> {
    await this.#order('join', { room: this.room });
    this.sure = this.sent;
  }

  /**
   * The stroke as its author keeps it: simplified, so other points than those that were sent while
   * it was drawn.
   */
  get whole(): StrokeForm {
    const points = encodeInk(
      this.#path.filter((_, index) => index % 2 === 0),
      FORMAT,
    );
    return stroke({ id: this.shape, width: 3, ...FORMAT, points });
  }

  /** Lifts the pen. The same command every time. @returns what was answered */
  finish(): Promise<string> {
    const body = draw(this.whole);
    return this.#order('command', { room: this.room, id: this.#finish, body });
  }

  /** The connection is gone, without a word. */
  cut(): void {
    this.#socket?.close();
  }

  #live(...steps: readonly LiveStep[]): void {
    this.#socket?.text(`42${PEOPLE_NAMESPACE},${JSON.stringify(['l', this.#handle, ...steps])}`);
  }

  async #order(name: string, order: object): Promise<string> {
    if (!this.#socket) throw new Error('Not there.');
    this.#orders += 1;
    const number = this.#orders;
    const answered = this.#socket.hears(text => text.startsWith(`43${PEOPLE_NAMESPACE},${number}[`));
    this.#socket.text(`42${PEOPLE_NAMESPACE},${number}${JSON.stringify([name, order])}`);
    const answer = await within(PATIENCE, answered, () => `The server does not answer ${name} in ${this.room}.`);
    return answer.slice(`43${PEOPLE_NAMESPACE},${number}`.length);
  }
}
