import type { Answer } from '../../protocol/conversation.js';
import type { ConnectOptions, TokenReason } from './contract.js';
import type { Platform } from './platform.js';
import { isTokenFault } from './refusals.js';
import { inTime, Timer } from './timer.js';

/**
 * How long before its end a token is renewed: a fifth of what is left of it, and at most this, in
 * milliseconds.
 */
const RENEWAL = 60_000;
/**
 * What a token must still last, in milliseconds, to be worth connecting with; and the least time
 * between two renewals.
 */
const WORTHWHILE = 1_000;
/** How long `getToken` may take, in milliseconds. */
const PATIENCE = 30_000;

export interface TokenKeeperOptions {
  readonly getToken: ConnectOptions['getToken'];
  readonly platform: Platform;
  /** Goes on with a new token on the connection as it is. Rejects where it is gone. */
  readonly adopt: (token: string) => Promise<Answer<{ readonly expires: number }>>;
  /** It went on: the new token may allow other things. */
  readonly adopted: () => void;
  /** The new token is another person's: only a new connection can take it. */
  readonly replaced: () => void;
}

/**
 * Has the person's token at hand, and another one before it ends. Goes by the server's clock,
 * carried on by durations: the device's may be wrong, and may be set at any moment.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  #value: string | undefined;
  /** When it ends, in `elapsed` time. */
  #ends = Infinity;
  /** The server's clock less `elapsed` time, in milliseconds. */
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

  /**
   * One to connect with: the present one while it lasts. Rejects as `getToken` does, or where it
   * takes too long.
   */
  async take(): Promise<string> {
    if (this.#value !== undefined && this.#ends - this.#options.platform.elapsed() > WORTHWHILE) return this.#value;
    const value = await this.#ask(this.#reason);
    this.#keep(value);
    return value;
  }

  /** The server has taken it, and said until when it holds, by its clock that shows `now`. */
  accepted(expires: number, now: number): void {
    this.#ahead = now - this.#options.platform.elapsed();
    this.#reason = 'refresh';
    this.#keepUntil(expires);
  }

  /**
   * The server has refused it. Returns whether another one is worth trying: it is asked for once.
   */
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

  /** A new one, which the server has not judged yet. */
  #keep(value: string): void {
    this.#value = value;
    this.#ends = Infinity;
  }

  // As a promise even where it throws at once.
  async #ask(reason: TokenReason): Promise<string> {
    const { getToken, platform } = this.#options;
    return inTime(platform, PATIENCE, getToken(reason));
  }

  #keepUntil(expires: number): void {
    this.#ends = expires - this.#ahead;
    const left = this.#ends - this.#options.platform.elapsed();
    // However short, or senseless, what the server says.
    const wait = left > WORTHWHILE ? left - Math.min(RENEWAL, left / 5) : WORTHWHILE;
    this.#timer.start(wait, () => void this.#renew('refresh'));
  }

  async #renew(reason: TokenReason, failures = 2): Promise<void> {
    const { adopt, adopted, replaced } = this.#options;
    const round = this.#round;
    let retryAfter: number | undefined;
    try {
      const value = await this.#ask(reason);
      if (round !== this.#round) return;
      const answer = await adopt(value);
      if (round !== this.#round) return;
      if (answer.ok) {
        this.#keep(value);
        this.#keepUntil(answer.expires);
        adopted();
        return;
      }
      const { code } = answer.error;
      if (code === 'token_person_changed') {
        this.#keep(value);
        replaced();
        return;
      }
      if (reason === 'refresh' && isTokenFault(code)) {
        void this.#renew('refused', failures);
        return;
      }
      retryAfter = answer.error.retryAfter;
    } catch {
      // No token, or no answer.
      if (round !== this.#round) return;
    }
    // The present one still holds. What is wrong is said when it has ended.
    this.#timer.backOff(failures, () => void this.#renew('refresh', failures + 1), retryAfter);
  }
}
