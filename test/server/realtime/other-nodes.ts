import assert from 'node:assert/strict';

import type { LiveStep, Peer } from '../../../protocol/conversation.js';
import type { Cluster, RoomLink, RoomListener } from '../../../server/cluster/cluster.js';
import type { RoomKey } from '../../../server/domain/room-key.js';

/** What a room told the other nodes. */
export type Told =
  | readonly ['came', readonly Peer[]]
  | readonly ['left', readonly number[]]
  | readonly ['steps', number, readonly LiveStep[]]
  | readonly ['close'];

/**
 * The other nodes of a unit test, which plays them: it hears what rooms tell them, and says to
 * rooms what they would.
 */
export class OtherNodes implements Pick<Cluster, 'link' | 'connected' | 'onConnected'> {
  connected = true;
  /** Since it was last asked for. */
  #told: Told[] = [];
  readonly #listeners = new Map<RoomKey, RoomListener>();
  readonly #connectedListeners = new Set<(connected: boolean) => void>();
  #markReady: () => void = () => undefined;

  /** What was told of any room since this was last asked. */
  get told(): readonly Told[] {
    return this.#told.splice(0);
  }

  /** To whoever listens to a room, or did so last. */
  say(room: RoomKey): RoomListener {
    return this.#listeners.get(room) ?? assert.fail(`nobody has ever listened to ${room}`);
  }

  /** Everyone is told who is there. */
  markReady(): void {
    this.#markReady();
  }

  connect(connected: boolean): void {
    this.connected = connected;
    for (const listener of this.#connectedListeners) listener(connected);
  }

  onConnected(listener: (connected: boolean) => void): () => void {
    this.#connectedListeners.add(listener);
    return () => this.#connectedListeners.delete(listener);
  }

  link(room: RoomKey, listener: RoomListener): RoomLink {
    this.#listeners.set(room, listener);
    const ready = new Promise<void>(resolve => (this.#markReady = resolve));
    return {
      ready,
      came: peers => this.#told.push(['came', peers]),
      left: peers => this.#told.push(['left', peers]),
      steps: (peer, steps) => this.#told.push(['steps', peer, steps]),
      close: () => this.#told.push(['close']),
    };
  }
}
