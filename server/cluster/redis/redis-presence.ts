import type { Peer } from '../../../protocol/conversation.js';
import type { Clock } from '../../clock.js';
import type { RoomKey } from '../../domain/room-key.js';
import { type RedisCommands, RedisScript } from './redis-client.js';
import type { RedisName, RedisNames } from './redis-keyspace.js';
import { readPeer, writePeer } from './redis-message.js';
import { itemsOf } from './redis-server-link.js';

/**
 * Says that a node lives, by Redis' own clock: nodes need not agree on the time. It answers whether
 * the node was among those that live (1 or 0), and all nodes that live now.
 */
const BEAT = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { before and 1 or 0, redis.call('ZRANGE', KEYS[1], 0, -1) }
`);

export interface LivingNodesOptions {
  readonly node: string;
  readonly commands: RedisCommands;
  readonly names: RedisNames;
  readonly clock: Clock;
  /** Milliseconds after which a node that says nothing is lost. */
  readonly lostAfter: number;
}

/** Which nodes live. Each says so every few seconds; who is silent for too long is lost. */
export class LivingNodes {
  readonly #options: LivingNodesOptions;
  readonly #living = new Set<string>();
  /**
   * Nodes that are not among those that live, though something was heard or read of them: since
   * when.
   */
  readonly #awaited = new Map<string, number>();
  #wasTakenForLost = false;
  #onFound: (node: string) => void = () => undefined;
  #onLost: (node: string) => void = () => undefined;

  constructor(options: LivingNodesOptions) {
    this.#options = options;
  }

  /** All that live but this one. */
  get others(): readonly string[] {
    return [...this.#living];
  }

  /**
   * Whether the others have taken this node for lost since the session began, and dropped whoever
   * is here.
   */
  get wasTakenForLost(): boolean {
    return this.#wasTakenForLost;
  }

  /** Calls `listener` for each node that is seen to live, and was not before. */
  whenFound(listener: (node: string) => void): void {
    this.#onFound = listener;
  }

  /** Calls `listener` for each node that is lost. */
  whenLost(listener: (node: string) => void): void {
    this.#onLost = listener;
  }

  lives(node: string): boolean {
    return this.#living.has(node);
  }

  /** Whether a node lives, or is awaited: then it will be found before long, or lost. */
  isKnown(node: string): boolean {
    return this.#living.has(node) || this.#awaited.has(node);
  }

  /** Something of a node was heard or read: if it does not live, it is lost after a while. */
  await(node: string): void {
    if (!this.#living.has(node) && !this.#awaited.has(node)) this.#awaited.set(node, this.#options.clock.now());
  }

  /**
   * Says in a new session that this node lives. Those who lived before have to show again that they
   * do: nobody was heard for a time.
   *
   * @throws RedisError
   */
  async begin(): Promise<void> {
    for (const node of this.#living) this.#awaited.set(node, this.#options.clock.now());
    this.#living.clear();
    await this.beat();
    // Whoever has dropped this node is told of everyone here in what follows.
    this.#wasTakenForLost = false;
  }

  /** Says that this node lives, and learns who else does. @throws RedisError */
  async beat(): Promise<void> {
    const { node, commands, lostAfter } = this.#options;
    const reply = await commands.run(BEAT, [this.#key], node, lostAfter);
    const [wasKnown, all] = itemsOf(reply);
    const living = new Set(itemsOf(all).filter(other => typeof other === 'string'));
    living.delete(node);
    if (wasKnown !== 1) this.#wasTakenForLost = true;
    this.#take(living);
  }

  /** Takes this node out of those that live. @throws RedisError */
  async leave(): Promise<void> {
    await this.#options.commands.call(this.#key, 'ZREM', this.#key.text, this.#options.node);
  }

  get #key() {
    return this.#options.names.of('nodes', 'living');
  }

  #take(all: ReadonlySet<string>): void {
    const { clock, lostAfter } = this.#options;
    const lost = [...this.#living].filter(node => !all.has(node));
    const found = [...all].filter(node => !this.#living.has(node));
    for (const node of found) {
      this.#living.add(node);
      this.#awaited.delete(node);
    }
    for (const [node, since] of this.#awaited) if (clock.now() - since >= lostAfter) lost.push(node);
    for (const node of lost) {
      this.#living.delete(node);
      this.#awaited.delete(node);
      this.#onLost(node);
    }
    for (const node of found) this.#onFound(node);
  }
}

/** Takes out every field of a node. */
const FORGET = new RedisScript(`
local gone = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1]) == ARGV[1] then gone[#gone + 1] = field end
end
for first = 1, #gone, 1000 do
  redis.call('HDEL', KEYS[1], unpack(gone, first, math.min(first + 999, #gone)))
end
return #gone
`);

/**
 * Seconds that what is said of a room is kept, unless it is said again: nothing of a room that
 * nobody comes to any longer stays.
 */
const KEPT = 3_600;

/** Who is in a room on which node: a hash a room, with a field for each peer. */
export class PresenceStore {
  readonly #commands: RedisCommands;
  readonly #names: RedisNames;
  readonly #node: string;

  constructor(commands: RedisCommands, names: RedisNames, node: string) {
    this.#commands = commands;
    this.#names = names;
    this.#node = node;
  }

  /** @throws RedisError */
  async put(room: RoomKey, peers: readonly Peer[]): Promise<void> {
    if (peers.length === 0) return;
    const key = this.#key(room);
    const fields = peers.flatMap(peer => [fieldOf(this.#node, peer.peer), writePeer(peer)]);
    await Promise.all([
      this.#commands.call(key, 'HSET', key.text, ...fields),
      this.#commands.call(key, 'EXPIRE', key.text, KEPT),
    ]);
  }

  /** @throws RedisError */
  async take(room: RoomKey, peers: readonly number[]): Promise<void> {
    if (peers.length === 0) return;
    const key = this.#key(room);
    await this.#commands.call(key, 'HDEL', key.text, ...peers.map(peer => fieldOf(this.#node, peer)));
  }

  /** Takes out everyone of a node. @throws RedisError */
  async forget(room: RoomKey, node: string): Promise<void> {
    await this.#commands.run(FORGET, [this.#key(room)], fieldOf(node, ''));
  }

  /** By node, who is there. This node's own are among them. @throws RedisError */
  async read(room: RoomKey): Promise<ReadonlyMap<string, readonly Peer[]>> {
    const key = this.#key(room);
    const reply = await this.#commands.call(key, 'HGETALL', key.text);
    const flat = itemsOf(reply);
    const nodes = new Map<string, Peer[]>();
    for (let index = 0; index < flat.length; index += 2) {
      const [field, value] = [flat[index], flat[index + 1]];
      if (typeof field !== 'string' || typeof value !== 'string') continue;
      const node = field.slice(0, field.indexOf('/'));
      const peer = readPeer(value);
      const peers = nodes.get(node) ?? [];
      if (peer) peers.push(peer);
      nodes.set(node, peers);
    }
    return nodes;
  }

  #key(room: RoomKey): RedisName {
    return this.#names.of('here', room);
  }
}

function fieldOf(node: string, peer: number | string): string {
  return `${node}/${peer}`;
}
