import type { RoomKey } from '../../domain/room-key.js';
import type { RoomLink, RoomListener } from '../cluster.js';
import { LinkedRoom } from './linked-room.js';
import { inGroups } from './redis-client.js';
import type { RedisName, RedisNames } from './redis-keyspace.js';
import type { MessageBatch, RedisMessage } from './redis-message.js';
import type { LivingNodes, PresenceStore } from './redis-presence.js';
import type { RedisSession } from './redis-session.js';

/** Rooms that are subscribed to, written or read at once. */
const AT_ONCE = 500;

interface LeftRoomsOptions {
  readonly node: string;
  readonly store: Pick<PresenceStore, 'forget'>;
  readonly batch: Pick<MessageBatch, 'add'>;
}

/**
 * Rooms that everyone of this node has left, while it is not sure that the other nodes know. The
 * message that said so may have been lost with the session, and this node says nothing else in
 * those rooms: after an outage it says once more that nobody is there.
 */
class LeftRooms {
  readonly #options: LeftRoomsOptions;
  /** By room, how often `confirm` had been called when it was left. */
  readonly #rooms = new Map<RoomKey, number>();
  #asked = 0;

  constructor(options: LeftRoomsOptions) {
    this.#options = options;
  }

  add(room: RoomKey): void {
    this.#rooms.set(room, this.#asked);
  }

  /** Somebody of this node is in the room again: its link says who. */
  delete(room: RoomKey): void {
    this.#rooms.delete(room);
  }

  /** Tells once more, and writes, that nobody is there. @throws RedisError */
  async tell(): Promise<void> {
    const { node, store, batch } = this.#options;
    for (const group of inGroups([...this.#rooms.keys()], AT_ONCE)) {
      // Where somebody came meanwhile, this node is there again.
      const rooms = group.filter(room => this.#rooms.has(room));
      for (const room of rooms) batch.add(room, ['here', []]);
      await Promise.all(rooms.map(room => store.forget(room, node)));
    }
  }

  /**
   * Forgets those that were left before, once all has arrived that was sent.
   *
   * @param arrived asks whether it has
   */
  async confirm(arrived: () => Promise<void>): Promise<void> {
    if (this.#rooms.size === 0) return;
    const asked = this.#asked;
    this.#asked += 1;
    await arrived();
    for (const [room, when] of this.#rooms) if (when <= asked) this.#rooms.delete(room);
  }
}

export interface LinkedRoomsOptions {
  readonly node: string;
  readonly names: RedisNames;
  readonly nodes: LivingNodes;
  readonly store: PresenceStore;
  readonly batch: MessageBatch;
  /** Takes care of what fails where nobody waits for it. */
  readonly attempt: (work: Promise<unknown>) => void;
  /** See LinkedRoomOptions. */
  readonly onDoubt: () => void;
}

/** The rooms that are linked on this node, one link each. */
export class LinkedRooms {
  readonly #options: LinkedRoomsOptions;
  /** By channel. */
  readonly #rooms = new Map<string, LinkedRoom>();
  readonly #left: LeftRooms;
  #session: RedisSession | undefined;

  constructor(options: LinkedRoomsOptions) {
    this.#options = options;
    this.#left = new LeftRooms(options);
  }

  /** Closes the room's link that is there already: people are numbered anew with each link. */
  link(room: RoomKey, listener: RoomListener): RoomLink {
    const { attempt } = this.#options;
    const channel = this.channelOf(room);
    this.#rooms.get(channel.text)?.close();
    this.#left.delete(room);
    const link = new LinkedRoom({
      ...this.#options,
      ...{ room, channel, listener },
      onClosed: () => {
        this.#rooms.delete(channel.text);
        this.#left.add(room);
        // The next link's subscription goes by the same connection, and so after it.
        if (this.#session) attempt(this.#session.unsubscribe(channel));
      },
    });
    this.#rooms.set(channel.text, link);
    if (this.#session) attempt(link.listen(this.#session).then(() => link.read()));
    return link;
  }

  channelOf(room: RoomKey): RedisName {
    return this.#options.names.of('room', room);
  }

  /** Whether a room is linked that has this channel. */
  has(channel: string): boolean {
    return this.#rooms.has(channel);
  }

  receive(channel: string, message: RedisMessage): void {
    this.#rooms.get(channel)?.receive(message);
  }

  /**
   * Listens to all of them by a new session and writes who is here, and where nobody is any more;
   * and then, once `written` is done as well, reads who is elsewhere.
   *
   * @throws RedisError
   */
  async join(session: RedisSession, written: () => Promise<void>): Promise<void> {
    this.#session = session;
    // A room that is linked from now on listens and reads by itself.
    const rooms = this.#all;
    await atOnce(rooms, room => room.listen(session));
    await this.#left.tell();
    await written();
    await atOnce(rooms, room => room.read());
  }

  /** The session is over. */
  suspend(): void {
    this.#session = undefined;
    for (const room of this.#all) room.suspend();
  }

  /** Writes again who is here. @throws RedisError */
  async refresh(): Promise<void> {
    await atOnce(this.#all, room => room.refresh());
  }

  /** Makes sure that the others know who has left. @throws RedisError */
  async confirmLeft(): Promise<void> {
    await this.#left.confirm(async () => {
      this.#options.batch.flush();
      await this.#session?.arrived();
    });
  }

  /** See LinkedRoom. */
  resolveDoubts(): void {
    for (const room of this.#all) room.resolveDoubts();
  }

  /** Others may have missed what is in progress here. */
  askedByAll(): void {
    for (const room of this.#all) room.askedByAll();
  }

  /** A node is seen to live, and was not before. */
  found(node: string): void {
    for (const room of this.#all) room.found(node);
  }

  /** A node does not live any longer. */
  lost(node: string): void {
    for (const room of this.#all) this.#options.attempt(room.lost(node));
  }

  close(): void {
    for (const room of this.#all) room.close();
  }

  get #all(): readonly LinkedRoom[] {
    return [...this.#rooms.values()];
  }
}

async function atOnce(rooms: readonly LinkedRoom[], work: (room: LinkedRoom) => Promise<void>): Promise<void> {
  for (const group of inGroups(rooms, AT_ONCE)) await Promise.all(group.map(work));
}
