import type { Peer } from '../../../protocol/conversation.js';
import type { RoomKey } from '../../domain/room-key.js';
import { readPeer, writePeer } from './redis-message.js';
import { RedisScript, type RedisCommands } from './redis-commands.js';
import type { RedisName, RedisNames } from './redis-names.js';
import { itemsOf } from './redis-server-link.js';

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

/** Seconds that what is said of a room is kept, unless it is said again: nothing of a room that nobody comes to any longer stays. */
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
