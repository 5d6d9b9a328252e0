import { refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Clock } from '../clock.js';
import type { PresentConnections } from './present-connections.js';

/** Milliseconds between two checks. */
const INTERVAL = 1_000;

/**
 * Closes connections whose token has expired. One timer checks all of them: a timer for each would
 * cost more.
 */
export class ExpiryWatch {
  readonly #connections: Pick<PresentConnections, 'all'>;
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;

  constructor(connections: Pick<PresentConnections, 'all'>, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  /** Call when somebody connects. The checks go on until nobody is left. */
  wake(): void {
    this.#cancel ??= this.#clock.after(INTERVAL, () => this.#look());
  }

  /** Harmless when called again. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    this.#cancel = undefined;
    const present = this.#connections.all;
    const ended = this.#clock.now() - LIMITS.clockSkew * 1_000;
    for (const connection of present) {
      if (connection.identity.expires <= ended) connection.bye(refusal('token_expired'));
    }
    if (present.length > 0) this.wake();
  }
}
