import type { Joined, LiveEntry, Peer } from '../../protocol/conversation.js';
import type { Role } from '../../protocol/timeline/state.js';
import type { Connection } from './connection.js';
import { LiveOut } from './live-out.js';
import { Peers } from './peers.js';
import type { Platform } from './platform.js';

export interface AttendanceOptions {
  readonly connection: Connection;
  readonly platform: Platform;
  /** Whether a shape is on the board already, and whole. */
  readonly drawn: (shape: string) => boolean;
  /** Who is here, or what they do, has changed. */
  readonly changed: () => void;
}

/**
 * Being in a room just now, over a connection: who else is, and what is live both ways. Nothing of
 * it is kept.
 */
export class Attendance {
  readonly peers: Peers;
  readonly live: LiveOut;
  /** The room's number in live frames; undefined while it is not joined. */
  handle: number | undefined;
  title = '';
  /** As it was said last. */
  role: Role | undefined;
  readonly #changed: () => void;

  constructor({ connection, platform, drawn, changed }: AttendanceOptions) {
    this.#changed = changed;
    this.peers = new Peers({ platform, drawn, changed });
    this.live = new LiveOut(
      {
        ready: () => this.handle !== undefined && this.role !== 'viewer',
        watched: () => this.peers.count > 1,
        send: steps => this.handle !== undefined && connection.live(this.handle, steps),
      },
      platform,
    );
  }

  begin(joined: Joined): void {
    this.handle = joined.handle;
    this.title = joined.title;
    this.role = joined.role;
    this.peers.reset(joined);
    this.live.restart();
    this.#changed();
  }

  end(): void {
    this.handle = undefined;
    this.live.stop();
    this.peers.clear();
    this.#changed();
  }

  presence(came: readonly Peer[], left: readonly number[], count: number): void {
    // The answer to joining names them all.
    if (this.handle === undefined) return;
    this.peers.update(came, left, count);
    this.#changed();
  }

  frame(pairs: readonly (number | LiveEntry)[]): void {
    this.peers.frame(pairs);
    this.#changed();
  }
}
