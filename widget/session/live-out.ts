import type { LiveStep } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

export interface LiveOutPort {
  /** Whether anything live may be sent just now. */
  ready(): boolean;
  /** Whether there is somebody to see a cursor or a sign of writing. */
  watched(): boolean;
  send(steps: readonly LiveStep[]): void;
}

interface InkOut {
  readonly begin: InkBegin;
  /** All points so far. */
  points: string;
  /** How many characters of them were sent; undefined while the pen-down was not. */
  sent: number | undefined;
}

/**
 * What this person is doing just now, sent in at most one frame an interval: the newest cursor, all
 * new points. Ink is sent to an empty room too, because who comes in the middle of a stroke sees
 * it; the rest is not.
 */
export class LiveOut {
  readonly #port: LiveOutPort;
  readonly #platform: Platform;
  readonly #timer: Timer;
  #ink: InkOut | undefined;
  /** What is to be said of a stroke that nobody should see any longer. */
  #dropped: readonly LiveStep[] = [];
  #cursor: LiveStep | undefined;
  #typing: LiveStep | undefined;
  /**
   * When it was last said that the person is writing; undefined: it was not, or it was taken back.
   */
  #typingSaid: number | undefined;

  constructor(port: LiveOutPort, platform: Platform) {
    this.#port = port;
    this.#platform = platform;
    this.#timer = new Timer(platform);
  }

  inkBegin(begin: InkBegin): void {
    this.#ink = { begin, points: begin[5], sent: undefined };
    this.#cursor = undefined;
    this.#flush();
  }

  inkMore(points: string): void {
    if (!this.#ink) return;
    this.#ink.points += points;
    this.#soon();
  }

  inkDrop(): void {
    if (this.#ink?.sent !== undefined) {
      const [id, color, width, scale, pressure] = this.#ink.begin;
      // With its name: after a lost connection the server waits for the end of a stroke that this
      // connection knows nothing of.
      this.#dropped = [['ink', id, color, width, scale, pressure, ''], ['drop']];
    }
    this.#ink = undefined;
    this.#soon();
  }

  /** The stroke is finished and travels as a command. */
  inkDone(id: string): void {
    if (this.#ink?.begin[0] === id) this.#ink = undefined;
  }

  /** The server would not keep the finished stroke: nobody should see it any longer. */
  inkRefused(): void {
    if (this.#ink) return;
    this.#dropped = [['drop']];
    this.#soon();
  }

  cursor(at: { readonly x: number; readonly y: number } | undefined): void {
    this.#cursor = at ? ['at', onBoard(at.x), onBoard(at.y)] : ['away'];
    this.#soon();
  }

  typing(is: boolean): void {
    const now = this.#platform.now();
    if (is) {
      // Said again well before it is no longer believed.
      if (this.#typingSaid !== undefined && now - this.#typingSaid < LIMITS.typingLasts / 2) return;
      if (!this.#port.watched()) return;
      this.#typingSaid = now;
      this.#typing = ['type', 1];
    } else {
      if (this.#typingSaid === undefined) return;
      this.#typingSaid = undefined;
      this.#typing = ['type', 0];
    }
    this.#soon();
  }

  /** A connection was made: who is there knows nothing of a stroke in progress. */
  restart(): void {
    if (this.#ink) this.#ink.sent = undefined;
    this.#typing = undefined;
    this.#typingSaid = undefined;
    this.#soon();
  }

  stop(): void {
    this.#timer.stop();
  }

  /** At once after a pause, else with the next frame. */
  #soon(): void {
    if (!this.#timer.running) this.#flush();
  }

  #flush(): void {
    this.stop();
    if (!this.#port.ready()) return;
    const steps = this.#takeSteps();
    if (steps.length === 0) return;
    this.#port.send(steps);
    this.#timer.start(LIMITS.liveInterval, () => this.#flush());
  }

  #takeSteps(): LiveStep[] {
    const steps = [...this.#dropped];
    this.#dropped = [];
    const ink = this.#ink && this.#takeInk(this.#ink);
    if (ink) steps.push(ink);
    const watched = this.#port.watched();
    // While ink flows its end says where the pen is.
    if (this.#cursor && watched && !this.#ink) steps.push(this.#cursor);
    if (this.#typing && watched) steps.push(this.#typing);
    this.#cursor = undefined;
    this.#typing = undefined;
    return steps;
  }

  #takeInk(ink: InkOut): LiveStep | undefined {
    const [id, color, width, scale, pressure] = ink.begin;
    const piece = nextPiece(ink.points, ink.sent ?? 0, pressure ? 3 : 2);
    const begun = ink.sent !== undefined;
    ink.sent = (ink.sent ?? 0) + piece.length;
    if (!begun) return ['ink', id, color, width, scale, pressure, piece];
    return piece ? ['more', piece] : undefined;
  }
}

function onBoard(coordinate: number): number {
  return Math.round(Math.min(LIMITS.boardExtent, Math.max(-LIMITS.boardExtent, coordinate))) || 0;
}

/**
 * Characters from this code on, and the digits behind them, say that their number goes on; see
 * ink.ts.
 */
const ENDS_NUMBER = /[A-Za-f]/;

/**
 * The characters of encoded points from `from` on that fit into one live frame: whole points, so
 * that whoever reads them can draw them at once.
 */
export function nextPiece(points: string, from: number, stride: 2 | 3): string {
  if (points.length - from <= LIMITS.livePoints) return points.slice(from);
  let numbers = 0;
  let end = from;
  for (let index = from; index < from + LIMITS.livePoints; index += 1) {
    if (ENDS_NUMBER.test(points.charAt(index)) && (numbers += 1) % stride === 0) end = index + 1;
  }
  return points.slice(from, end);
}
