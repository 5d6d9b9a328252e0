import type { Rate } from '../limits/token-bucket.js';
import { TokenBucket } from '../limits/token-bucket.js';
import { type EngineConnection, hangUp, onWebSocketBeat } from './engine-connection.js';

/**
 * Limits the frames below Socket.IO's packets, which no other budget counts: heartbeats of
 * Engine.IO, and pings of WebSocket. Each is answered even if the answers are never read. A
 * connection that sends too many is cut without a word.
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
