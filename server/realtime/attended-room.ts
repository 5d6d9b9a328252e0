import type { LiveStep, Position, ServerToClient } from '../../protocol/conversation.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import { eventModule } from '../../protocol/timeline/evolve.js';
import { eventToVersion1 } from '../../protocol/timeline/version-1.js';
import type { Person, Role } from '../../protocol/timeline/state.js';
import type { Clock } from '../clock.js';
import type { Cluster, RoomLink, RoomListener } from '../cluster/cluster.js';
import { partsOf, type RoomKey } from '../domain/room-key.js';
import type { Metrics } from '../metrics/metrics.js';
import { EventsElsewhere } from './events-elsewhere.js';
import { LiveRoom } from './live/live-room.js';
import { RemotePeers } from './live/remote-peers.js';
import type { UnfinishedStrokes } from './live/unfinished-strokes.js';
import { SharedFact } from './shared-fact.js';

/** Someone in a room by a connection to this node, as the room sees them. */
export interface Attendant {
  /** Reads too slowly for live frames. */
  readonly slow: boolean;
  /** Looks how the reader keeps up, before something is sent. */
  keepPace(): void;
  send(fact: Pick<SharedFact<keyof ServerToClient>, 'send'>): void;
}

export interface AttendedRoomOptions {
  readonly key: RoomKey;
  /** Its number in live frames: small, and never another room's while this process runs. */
  readonly handle: number;
  /** The namespace's name. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'frame' | 'told'>;
  readonly cluster: Pick<Cluster, 'link'>;
  readonly unfinished: Pick<UnfinishedStrokes, 'hold' | 'forget'>;
  readonly events: EventRegistry;
}

/**
 * Milliseconds that somebody who joins waits at most until it is known who is there on other nodes.
 */
const KNOWN_WITHIN = 400;

/**
 * A room with somebody in it: the way from what happens there to the sockets of this node, where
 * what goes to a room is encoded once, and to the other nodes and back. Everyone on whatever node
 * is in its live room; only those of this node are attendants.
 */
export class AttendedRoom {
  readonly key: RoomKey;
  readonly handle: number;
  readonly live: LiveRoom;
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #metrics: AttendedRoomOptions['metrics'];
  readonly #link: RoomLink;
  readonly #elsewhere: EventsElsewhere;
  readonly #events: EventRegistry;
  /** By peer. */
  readonly #attendants = new Map<number, Attendant>();
  #told: Position | undefined;
  #isKnown = false;
  #closed = false;

  constructor({ key, handle, namespace, clock, metrics, cluster, unfinished, events }: AttendedRoomOptions) {
    this.key = key;
    this.#events = events;
    this.handle = handle;
    this.#namespace = namespace;
    this.#clock = clock;
    this.#metrics = metrics;
    const { room } = partsOf(key);
    this.live = new LiveRoom({
      clock,
      onFrame: pairs => {
        metrics.frame();
        this.#tell('f', handle, ...pairs);
      },
      onPresence: change => this.#tell('presence', { room, ...change }),
      onUnfinished: ({ person, role }, ink) => unfinished.hold({ room: key, author: { person, role }, ink }),
      onDropped: ({ person }, shape) => unfinished.forget(key, person.id, shape),
    });
    this.#elsewhere = new EventsElsewhere({ clock, tell: (epoch, events) => this.#announce(epoch, events) });
    this.#link = cluster.link(key, this.#listener());
    void this.#link.ready.then(() => (this.#isKnown = true));
  }

  /** How many of this node are in it. */
  get size(): number {
    return this.#attendants.size;
  }

  /**
   * How far the timeline has been told here; undefined where nobody has looked yet, and nothing
   * happened.
   */
  get told(): Position | undefined {
    return this.#told;
  }

  /** Whether everyone is known who is there on other nodes. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /**
   * Ends when everyone is known who is there on other nodes, or can't be known soon: then they are
   * told of when they are.
   */
  async known(): Promise<void> {
    if (this.#isKnown) return;
    await new Promise<void>(resolve => {
      const cancel = this.#clock.after(KNOWN_WITHIN, resolve);
      void this.#link.ready.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** Somebody who came found the timeline here, and is told what comes after it. */
  found(head: Position): void {
    this.#told ??= head;
  }

  /** @returns the peer's number */
  enter(attendant: Attendant, person: Person, role: Role): number {
    const peer = this.live.enter(person, role);
    this.#attendants.set(peer, attendant);
    this.#link.came([{ peer, person, role }]);
    return peer;
  }

  /** A peer's name or role is another from now on. */
  change(peer: number, person: Person, role: Role): void {
    this.live.change(peer, person, role);
    this.#link.came([{ peer, person, role }]);
  }

  leave(peer: number): void {
    if (!this.#attendants.delete(peer)) return;
    this.live.leave(peer);
    this.#link.left([peer]);
  }

  /** Does what a peer of this node says that is not kept. */
  take(peer: number, steps: readonly LiveStep[]): void {
    if (this.live.take(peer, steps)) this.#link.steps(peer, steps);
  }

  /** Tells what was kept by this node, or found in storage. */
  announce(epoch: string, events: readonly AnyEvent[]): void {
    this.#announce(epoch, [...this.#elsewhere.takeAlong(epoch), ...events]);
  }

  /** Nobody of this node is in it any more, or is to be. Harmless when called again. */
  close(): void {
    this.#closed = true;
    this.#elsewhere.close();
    this.live.close();
    this.#link.close();
  }

  #announce(epoch: string, events: readonly AnyEvent[]): void {
    const finished = events.flatMap(event => eventModule(event.type, this.#events)?.finishes?.(event) ?? []);
    if (finished.length > 0) this.live.finishInk(finished);
    const seq = events.reduce((last, event) => Math.max(last, event.seq), 0);
    if (this.#told?.epoch !== epoch || this.#told.seq < seq) this.#told = { epoch, seq };
    this.#metrics.told(events.length, this.#attendants.size);
    const { room } = partsOf(this.key);
    this.#send('events', [{ room, epoch, events }], () => [{ room, epoch, events: events.map(eventToVersion1) }]);
  }

  /** What other nodes say. Of a room that was let go it comes too late. */
  #listener(): RoomListener {
    const remote = new RemotePeers(this.live);
    const unlessClosed =
      <Args extends unknown[]>(listen: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!this.#closed) listen(...args);
      };
    return {
      events: unlessClosed((epoch, events) => this.#elsewhere.add(epoch, events)),
      came: unlessClosed((node, peers) => remote.came(node, peers)),
      left: unlessClosed((node, peers) => remote.left(node, peers)),
      steps: unlessClosed((node, peer, steps) => remote.steps(node, peer, steps)),
      lost: unlessClosed(node => remote.lost(node)),
      asked: unlessClosed(() => {
        for (const { peer, ink } of this.live.inkFromHere) this.#link.steps(peer, [['ink', ...ink]]);
      }),
    };
  }

  /** Tells everyone of this node; of live frames, those who keep up. */
  #tell<Name extends keyof ServerToClient>(name: Name, ...args: Parameters<ServerToClient[Name]>): void {
    this.#send(name, args);
  }

  /** @param former the same, as the previous version of the conversation says it */
  #send<Name extends keyof ServerToClient>(
    name: Name,
    args: Parameters<ServerToClient[Name]>,
    former?: () => Parameters<ServerToClient[Name]>,
  ): void {
    if (this.#attendants.size === 0) return;
    const fact = new SharedFact(this.#namespace, name, args, former);
    for (const attendant of this.#attendants.values()) {
      attendant.keepPace();
      if (name !== 'f' || !attendant.slow) attendant.send(fact);
    }
  }
}
