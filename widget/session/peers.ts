import type { Joined, LiveEntry, Peer } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { PeerView } from './contract.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

export interface PeersOptions {
  readonly platform: Platform;
  /** Whether a shape is on the board already, and whole: then its ink is history. */
  readonly drawn: (shape: string) => boolean;
  /** Something changed of itself: a sign of writing has faded. */
  readonly changed: () => void;
}

type Doing = Pick<PeerView, 'cursor' | 'ink' | 'typing'>;

/** Who is here and what they are doing just now. */
export class Peers {
  count = 0;
  readonly #options: PeersOptions;
  readonly #peers = new Map<number, PeerView>();
  /**
   * What those do who were not introduced yet: live frames may be faster than the news of who came.
   */
  readonly #strangers = new Map<number, Doing>();
  /** What ends a sign of writing, by peer. */
  readonly #fading = new Map<number, Timer>();
  #self: number | undefined;
  #list: readonly PeerView[] | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** This connection first, then the others as they came. */
  get list(): readonly PeerView[] {
    if (!this.#list) {
      const all = [...this.#peers.values()];
      this.#list = [...all.filter(peer => peer.self), ...all.filter(peer => !peer.self)];
    }
    return this.#list;
  }

  /** Everyone anew, as a join tells it. */
  reset({ you, role, here, count, ink }: Joined): void {
    this.clear();
    this.#self = you.peer;
    this.#add({ ...you, role });
    for (const peer of here) this.#add(peer);
    for (const { peer, ink: begin } of ink) this.#change(peer, ['ink', ...begin]);
    this.count = count;
  }

  clear(): void {
    for (const peer of [...this.#peers.keys(), ...this.#strangers.keys()]) this.#remove(peer);
    this.count = 0;
    this.#list = undefined;
  }

  update(came: readonly Peer[], left: readonly number[], count: number): void {
    for (const peer of left) if (peer !== this.#self) this.#remove(peer);
    for (const peer of came) this.#add(peer);
    this.count = count;
  }

  /** Applies a live frame, entries flat in pairs. */
  frame(pairs: readonly (number | LiveEntry)[]): void {
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      const peer = pairs[index];
      const entry = pairs[index + 1];
      if (typeof peer !== 'number' || entry === undefined || typeof entry === 'number') continue;
      // Own doings are shown before they are sent.
      if (peer !== this.#self) this.#change(peer, entry);
    }
  }

  /** Ends the ink of shapes that are on the board by now. Returns whether there was any. */
  endDrawnInk(): boolean {
    let found = false;
    for (const peer of this.#peers.values()) {
      if (!peer.ink || !this.#options.drawn(peer.ink[0])) continue;
      this.#put(does(peer, withoutInk(peer)));
      found = true;
    }
    return found;
  }

  /** Someone new, or someone here with a new name or role. */
  #add(peer: Peer): void {
    const doing = this.#peers.get(peer.peer) ?? this.#strangers.get(peer.peer) ?? { typing: false };
    this.#strangers.delete(peer.peer);
    this.#put({ ...doing, ...peer, self: peer.peer === this.#self });
  }

  #put(view: PeerView): void {
    this.#peers.set(view.peer, view);
    this.#list = undefined;
  }

  #remove(peer: number): void {
    this.#keepTyping(peer, false);
    this.#strangers.delete(peer);
    this.#peers.delete(peer);
    this.#list = undefined;
  }

  #change(peer: number, entry: LiveEntry): void {
    if (entry[0] === 'type') this.#keepTyping(peer, entry[1] === 1);
    const view = this.#peers.get(peer);
    const doing = this.#after(view ?? this.#strangers.get(peer) ?? { typing: false }, entry);
    if (view) this.#put(does(view, doing));
    else this.#strangers.set(peer, doing);
  }

  #after(doing: Doing, entry: LiveEntry): Doing {
    if (typeof entry === 'string') return doing.ink ? { ...doing, ink: extended(doing.ink, entry) } : doing;
    switch (entry[0]) {
      case 'ink': {
        const [, ...ink] = entry;
        // The old cursor would stay behind where the stroke began.
        return this.#options.drawn(ink[0]) ? doing : { ...withoutCursor(doing), ink };
      }
      case 'drop':
        return withoutInk(doing);
      case 'at':
        return { ...doing, cursor: { x: entry[1], y: entry[2] } };
      case 'away':
        return withoutCursor(doing);
      case 'type':
        return { ...doing, typing: entry[1] === 1 };
    }
  }

  #keepTyping(peer: number, typing: boolean): void {
    this.#fading.get(peer)?.stop();
    this.#fading.delete(peer);
    if (!typing) return;
    const timer = new Timer(this.#options.platform);
    this.#fading.set(peer, timer);
    timer.start(LIMITS.typingLasts, () => {
      this.#change(peer, ['type', 0]);
      this.#options.changed();
    });
  }
}

function extended([id, color, width, scale, pressure, points]: InkBegin, more: string): InkBegin {
  return [id, color, width, scale, pressure, points + more];
}

function does({ peer, person, role, self }: PeerView, doing: Doing): PeerView {
  return { ...doing, peer, person, role, self };
}

function withoutInk({ ink: _, ...doing }: Doing): Doing {
  return doing;
}

function withoutCursor({ cursor: _, ...doing }: Doing): Doing {
  return doing;
}
