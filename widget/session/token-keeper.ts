import type { Answer } from '../../protocol/conversation.js';
import type { ConnectOptions, TokenReason } from './contract.js';
import type { Platform } from './platform.js';
import { isTokenFault } from './refusals.js';
import { Timer } from './timer.js';

/** How long before its end a token is renewed: a fifth of what is left of it, and at most this, in milliseconds. */
const RENEWAL = 60_000;
/** What a token must still last, in milliseconds, to be worth connecting with. */
const WORTHWHILE = 1_000;

export interface TokenKeeperOptions {
  readonly getToken: ConnectOptions['getToken'];
  readonly platform: Platform;
  /** Goes on with a new token on the connection as it is. Rejects where it is gone. */
  readonly adopt: (token: string) => Promise<Answer<{ readonly expires: number }>>;
  /** It went on: the new token may allow other things. */
  readonly adopted: () => void;
}

/** Has the person's token at hand, and another one before it ends. Goes by the server's clock, because the device's may be wrong. */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  #value: string | undefined;
  /** By our clock. */
  #ends = Infinity;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  #ahead = 0;
  /** Why the next one is asked for. */
  #reason: TokenReason = 'connect';
  readonly #timer: Timer;
  /** Rises when a renewal under way loses its meaning. */
  #round = 0;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
    this.#timer = new Timer(options.platform);
  }

  /** The present one, for HTTP. */
  get value(): string {
    return this.#value ?? '';
  }

  /** One to connect with: the present one while it lasts. Rejects as `getToken` does. */
  async take(): Promise<string> {
    const { getToken, platform } = this.#options;
    if (this.#value !== undefined && this.#ends - platform.now() > WORTHWHILE) return this.#value;
    const value = await getToken(this.#reason);
    this.#value = value;
    this.#ends = Infinity;
    return value;
  }

  /** The server has taken it, and said until when it holds, by its clock that shows `now`. */
  accepted(expires: number, now: number): void {
    this.#ahead = now - this.#options.platform.now();
    this.#reason = 'refresh';
    this.#keepUntil(expires);
  }

  /** The server has refused it. Returns whether another one is worth trying: it is asked for once. */
  refused(): boolean {
    const first = this.#reason !== 'refused';
    this.#reason = 'refused';
    this.#value = undefined;
    return first;
  }

  /** Forgets all: the next one is asked for as the first. */
  reset(): void {
    this.#value = undefined;
    this.#reason = 'connect';
  }

  /** There is no connection: nothing is renewed until the next is accepted. */
  pause(): void {
    this.#round += 1;
    this.#timer.stop();
  }

  #keepUntil(expires: number): void {
    this.#ends = expires - this.#ahead;
    const left = this.#ends - this.#options.platform.now();
    this.#timer.start(Math.max(0, left - Math.min(RENEWAL, left / 5)), () => void this.#renew('refresh'));
  }

  async #renew(reason: TokenReason): Promise<void> {
    const { getToken, adopt, adopted } = this.#options;
    const round = this.#round;
    try {
      const value = await getToken(reason);
      if (round !== this.#round) return;
      const answer = await adopt(value);
      if (round !== this.#round) return;
      if (answer.ok) {
        this.#value = value;
        this.#keepUntil(answer.expires);
        adopted();
      } else if (reason === 'refresh' && isTokenFault(answer.error.code)) {
        void this.#renew('refused');
      }
      // Else the server says why when the present token has ended.
    } catch {
      if (round === this.#round) this.#timer.backOff(4, () => void this.#renew('refresh'));
    }
  }
}
