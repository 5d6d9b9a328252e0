import type { LiveEntry, LiveStep } from '../../../protocol/conversation.js';
import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { LIMITS } from '../../../protocol/limits.js';

type InkEntry = Extract<LiveEntry, string | readonly ['ink', ...InkBegin] | readonly ['drop']>;

/**
 * What one peer is doing, and which steps are not sent yet. All steps of ink are sent, joined where
 * possible; of the cursor and of typing only the latest.
 */
export class PeerActivity {
  /** The stroke in progress, all of it so far. */
  #ink: InkBegin | undefined;
  #typingUntil: number | undefined;

  #untoldInk: InkEntry[] = [];
  #untoldPointer: Extract<LiveEntry, readonly ['at' | 'away', ...unknown[]]> | undefined;
  #untoldTyping: Extract<LiveEntry, readonly ['type', 0 | 1]> | undefined;

  get ink(): InkBegin | undefined {
    return this.#ink;
  }

  /**
   * When typing ends unless it is repeated, in milliseconds since 1970; undefined while not typing.
   */
  get typingUntil(): number | undefined {
    return this.#typingUntil;
  }

  take(step: LiveStep, now: number): void {
    switch (step[0]) {
      case 'ink': {
        const [, id, color, width, scale, pressure, points] = step;
        this.#ink = [id, color, width, scale, pressure, points];
        this.#untoldInk.push(['ink', ...this.#ink]);
        break;
      }
      case 'more':
        this.#lengthen(step[1]);
        break;
      case 'drop':
        this.#drop();
        break;
      case 'at':
        this.#untoldPointer = ['at', step[1], step[2]];
        break;
      case 'away':
        this.#untoldPointer = ['away'];
        break;
      case 'type':
        this.#typingUntil = step[1] === 1 ? now + LIMITS.typingLasts : undefined;
        this.#untoldTyping = ['type', step[1]];
        break;
    }
  }

  /** Ends the stroke in progress if it is this shape, which is on the timeline now. */
  finishInk(shape: string): void {
    if (this.#ink?.[0] !== shape) return;
    this.#ink = undefined;
    // Its unsent steps are the last entry, joined into one.
    const last = this.#untoldInk.at(-1);
    if (last !== undefined && last[0] !== 'drop') this.#untoldInk.pop();
  }

  /** Ends everything in progress, for others to see. */
  stop(now: number): void {
    this.#drop();
    this.take(['away'], now);
    if (this.#typingUntil !== undefined) this.take(['type', 0], now);
  }

  /** Takes the unsent entries. */
  drain(): LiveEntry[] {
    const entries: LiveEntry[] = this.#untoldInk;
    if (this.#untoldPointer) entries.push(this.#untoldPointer);
    if (this.#untoldTyping) entries.push(this.#untoldTyping);
    this.#untoldInk = [];
    this.#untoldPointer = undefined;
    this.#untoldTyping = undefined;
    return entries;
  }

  #lengthen(points: string): void {
    if (!this.#ink) return;
    const [id, color, width, scale, pressure, before] = this.#ink;
    // No client of ours draws longer strokes: it begins a new one.
    if (before.length + points.length > LIMITS.strokePoints) return;
    this.#ink = [id, color, width, scale, pressure, before + points];
    const last = this.#untoldInk.at(-1);
    if (typeof last === 'string') this.#untoldInk.splice(-1, 1, last + points);
    else if (last?.[0] === 'ink') this.#untoldInk.splice(-1, 1, ['ink', ...this.#ink]);
    else this.#untoldInk.push(points);
  }

  #drop(): void {
    if (!this.#ink) return;
    this.finishInk(this.#ink[0]);
    this.#untoldInk.push(['drop']);
  }
}
