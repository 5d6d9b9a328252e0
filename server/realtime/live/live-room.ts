import type { InkInProgress, LiveEntry, LiveStep, Peer } from '../../../protocol/conversation.js';
import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { Person, Role } from '../../../protocol/timeline/state.js';
import type { Clock } from '../../clock.js';
import { PeerActivity } from './peer-activity.js';
import { type PresenceChange, PresenceNews } from './presence-news.js';

export interface LiveRoomOptions {
  readonly clock: Clock;
  /** Called at most once a tick with what peers did: flat pairs of a peer's number and an entry. */
  readonly onFrame: (pairs: readonly (number | LiveEntry)[]) => void;
  /** Called with who came and who left, at most once in PRESENCE_INTERVAL. */
  readonly onPresence: (change: PresenceChange) => void;
  /** Called with all of a stroke in progress when its author vanishes. */
  readonly onUnfinished: (author: Peer, ink: InkBegin) => void;
  /** Called when an author drops a stroke in progress. */
  readonly onDropped: (author: Peer, shape: string) => void;
}

interface PeerHere {
  readonly peer: Peer;
  readonly place: Place;
  readonly activity: PeerActivity;
}

/** Whether a peer is connected to this node or to another one. */
export type Place = 'here' | 'elsewhere';

/** With more peers than this in a frame, the room is busy and its ticks are longer. */
const BUSY_PEERS = 8;

/**
 * The live state of a room, which is not kept: who is here, ink in progress, cursors and typing. No
 * timer runs while nothing happens. It knows no sockets: its owner delivers the frames.
 */
export class LiveRoom {
  readonly #clock: Clock;
  readonly #options: LiveRoomOptions;
  readonly #here = new Map<number, PeerHere>();
  /** Peers with unsent steps. */
  readonly #active = new Set<number>();
  /** How many peers are connected to this node: frames are for them alone. */
  #readers = 0;
  readonly #presence: PresenceNews;
  #lastPeer = 0;

  #lastFrame = -Infinity;
  #interval: number = LIMITS.liveInterval;
  #cancelFrame: (() => void) | undefined;
  #cancelTyping: (() => void) | undefined;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#presence = new PresenceNews(options.clock, diff => options.onPresence({ ...diff, count: this.count }));
  }

  /** How many peers the room has on all nodes. */
  get count(): number {
    return this.#here.size;
  }

  /** Up to LIMITS.peersListed peers, `first` among them. */
  list(first: number): Peer[] {
    const peers: Peer[] = [];
    const own = this.#here.get(first);
    if (own) peers.push(own.peer);
    for (const { peer } of this.#here.values()) {
      if (peers.length >= LIMITS.peersListed) break;
      if (peer.peer !== first) peers.push(peer);
    }
    return peers;
  }

  /** All strokes in progress, each as it is so far. */
  get ink(): InkInProgress[] {
    return this.#strokes([...this.#here.values()]);
  }

  /** Those of this node's peers alone. */
  get inkFromHere(): InkInProgress[] {
    return this.#strokes([...this.#here.values()].filter(({ place }) => place === 'here'));
  }

  /** Whether a person draws a shape just now, by whichever connection. */
  isDrawing(person: string, shape: string): boolean {
    return this.#drawing(person, shape).length > 0;
  }

  /**
   * Hands over all strokes in progress of this node's peers, as if their authors had vanished: the
   * server closes.
   */
  release(): void {
    for (const here of this.#here.values()) if (here.place === 'here') this.#release(here);
  }

  /** @returns the number of the new peer, never used before in this room */
  enter(person: Person, role: Role, place: Place = 'here'): number {
    this.#lastPeer += 1;
    const peer: Peer = { peer: this.#lastPeer, person, role };
    this.#here.set(peer.peer, { peer, place, activity: new PeerActivity() });
    if (place === 'here') this.#readers += 1;
    this.#tell(peer);
    return peer.peer;
  }

  /** A peer has left. Unfinished strokes of another node's peer are for that node to keep. */
  leave(peer: number): void {
    const here = this.#here.get(peer);
    if (!here) return;
    this.#here.delete(peer);
    if (here.place === 'here') {
      this.#readers -= 1;
      this.#release(here);
    }
    this.#active.delete(peer);
    if (this.#readers > 0) this.#presence.left(peer);
    else this.close();
  }

  /** The node of a peer is lost, and can't keep their strokes any more. */
  lose(peer: number): void {
    const here = this.#here.get(peer);
    this.leave(peer);
    if (here?.place === 'elsewhere') this.#release(here);
  }

  /** Changes a peer's name or role. A viewer's steps are ignored. */
  change(peer: number, person: Person, role: Role): void {
    const here = this.#here.get(peer);
    if (!here) return;
    const changed: Peer = { peer, person, role };
    this.#here.set(peer, { ...here, peer: changed });
    this.#tell(changed);
    if (role !== 'viewer') return;
    here.activity.stop(this.#clock.now());
    this.#wakeFrame(peer);
  }

  /**
   * Takes a peer's steps; a viewer's are ignored.
   *
   * @returns whether they were taken
   */
  take(peer: number, steps: readonly LiveStep[]): boolean {
    const here = this.#here.get(peer);
    if (!here || here.peer.role === 'viewer') return false;
    const now = this.#clock.now();
    for (const step of steps) {
      const { ink } = here.activity;
      if (step[0] === 'ink') this.#takeOver(here, step[1]);
      if (step[0] === 'drop' && ink) this.#options.onDropped(here.peer, ink[0]);
      here.activity.take(step, now);
    }
    if (here.activity.typingUntil !== undefined) this.#wakeTyping(here.activity.typingUntil - now);
    this.#wakeFrame(peer);
    return true;
  }

  /** Ends the ink of shapes that are on the timeline now. */
  finishInk(shapes: readonly string[]): void {
    for (const { activity } of this.#here.values()) {
      const shape = activity.ink?.[0];
      if (shape !== undefined && shapes.includes(shape)) activity.finishInk(shape);
    }
  }

  /** Stops everything. Harmless when called again. */
  close(): void {
    this.#cancelFrame?.();
    this.#presence.stop();
    this.#cancelTyping?.();
    this.#cancelFrame = this.#cancelTyping = undefined;
  }

  /**
   * Somebody goes on with a stroke on a new connection, while their old one is not known to be dead
   * yet.
   */
  #takeOver({ peer }: PeerHere, shape: string): void {
    for (const here of this.#drawing(peer.person.id, shape)) {
      if (here.peer.peer === peer.peer) continue;
      if (here.place === 'here') this.#release(here);
      here.activity.take(['drop'], this.#clock.now());
      this.#wakeFrame(here.peer.peer);
    }
  }

  #drawing(person: string, shape: string): PeerHere[] {
    return [...this.#here.values()].filter(
      ({ peer, activity }) => activity.ink?.[0] === shape && peer.person.id === person,
    );
  }

  #strokes(peers: readonly PeerHere[]): InkInProgress[] {
    return peers.flatMap(({ peer: { peer }, activity: { ink } }) => (ink ? [{ peer, ink }] : []));
  }

  #release({ peer, activity }: PeerHere): void {
    if (activity.ink) this.#options.onUnfinished(peer, activity.ink);
  }

  #wakeFrame(peer: number): void {
    this.#active.add(peer);
    if (this.#cancelFrame) return;
    // At once after a rest, else when the tick is over.
    const rest = this.#lastFrame + this.#interval - this.#clock.now();
    this.#cancelFrame = this.#clock.after(Math.max(0, rest), () => this.#frame());
  }

  #frame(): void {
    this.#cancelFrame = undefined;
    this.#lastFrame = this.#clock.now();
    this.#interval = this.#active.size > BUSY_PEERS ? LIMITS.liveIntervalBusy : LIMITS.liveInterval;
    const pairs: (number | LiveEntry)[] = [];
    let others = 0;
    for (const peer of this.#active) {
      const here = this.#here.get(peer);
      if (here?.place === 'elsewhere') others += 1;
      for (const entry of here?.activity.drain() ?? []) pairs.push(peer, entry);
    }
    this.#active.clear();
    // Authors skip their own steps, so a single reader needs only those of other nodes.
    const isRead = this.#readers > 1 || (this.#readers === 1 && others > 0);
    if (pairs.length > 0 && isRead) this.#options.onFrame(pairs);
  }

  /**
   * Queues news of a peer who came or changed. Whoever enters a room without readers gets the whole
   * list at once.
   */
  #tell(peer: Peer): void {
    if (this.#readers > 0) this.#presence.came(peer);
  }

  #wakeTyping(delay: number): void {
    if (this.#cancelTyping) return;
    this.#cancelTyping = this.#clock.after(delay, () => {
      this.#cancelTyping = undefined;
      const now = this.#clock.now();
      let next = Infinity;
      for (const [peer, { activity }] of this.#here) {
        if (activity.typingUntil === undefined) continue;
        if (activity.typingUntil > now) {
          next = Math.min(next, activity.typingUntil);
        } else {
          activity.take(['type', 0], now);
          this.#wakeFrame(peer);
        }
      }
      if (next < Infinity) this.#wakeTyping(next - now);
    });
  }
}
