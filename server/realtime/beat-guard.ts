import type { Rate } from '../limits/token-bucket.js';
import { TokenBucket } from '../limits/token-bucket.js';
import { type EngineConnection, hangUp, onWebSocketBeat } from './engine-connection.js';

/**
 * Holds connections to a rate of what is said below Socket.IO's packets, which no budget of theirs
 * counts: heartbeats of Engine.IO, and those of WebSocket, each of which is answered whether the
 * answers are read or not. A connection that sends too many is cut: there is nobody to talk to.
 */
export class BeatGuard {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #beats = new WeakMap<EngineConnection, TokenBucket>();

  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  watch(connection: EngineConnection): void {
    const count = () => this.#count(connection);
    connection.on('packet', ({ type }: { readonly type: string }) => {
      if (type !== 'message') count();
    });
    onWebSocketBeat(connection, count);
    connection.on('upgrade', () => onWebSocketBeat(connection, count));
  }

  #count(connection: EngineConnection): void {
    const now = this.#now();
    let beats = this.#beats.get(connection);
    if (!beats) {
      beats = new TokenBucket(this.#rate, now);
      this.#beats.set(connection, beats);
    }
    if (beats.take(1, now) > 0) hangUp(connection);
  }
}
