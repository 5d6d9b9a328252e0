import { Connection } from './connection.js';
import type { ConnectOptions, RoomSession } from './contract.js';
import { type Platform, realPlatform } from './platform.js';
import { Room } from './room.js';

export interface RoomOptions extends ConnectOptions {
  /** The room's name. */
  readonly room: string;
  /**
   * What tells one person's way of getting in from another's: a token, the address that gives
   * tokens, the `getToken` function itself (the default). Rooms of the same server, site, identity
   * and transports share one connection.
   */
  readonly identity?: unknown;
}

interface Shared {
  readonly key: readonly unknown[];
  readonly connection: Connection;
}

/** The connections of one page or program: rooms that can share one do. */
export class Connections {
  readonly #platform: Platform;
  #shared: readonly Shared[] = [];

  constructor(platform: Platform = realPlatform()) {
    this.#platform = platform;
  }

  /** Enters a room. The connection is made with its first room and closed with its last. */
  room({ room, identity, ...options }: RoomOptions): RoomSession {
    const { server, site, getToken, transports = [] } = options;
    const key = [new URL(server).origin, site, identity ?? getToken, transports.join()];
    let shared = this.#shared.find(other => other.key.every((part, index) => part === key[index]));
    if (!shared) {
      const connection = new Connection({ ...options, server: new URL(server).origin }, this.#platform);
      shared = { key, connection };
      this.#shared = [...this.#shared, shared];
    }
    const { connection } = shared;
    return new Room({
      address: { server: new URL(server).origin, site },
      room,
      connection,
      platform: this.#platform,
      onClose: () => this.#release(connection),
    });
  }

  #release(connection: Connection): void {
    if (!connection.idle) return;
    connection.close();
    this.#shared = this.#shared.filter(shared => shared.connection !== connection);
  }
}
