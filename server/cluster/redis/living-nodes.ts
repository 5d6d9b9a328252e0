import type { Clock } from '../../clock.js';
import { RedisScript, type RedisCommands } from './redis-commands.js';
import type { RedisNames } from './redis-names.js';
import { itemsOf } from './redis-server-link.js';

/**
 * Says that a node lives, by Redis' own clock: nodes need not agree on the time. It answers whether the node was among those that live (1 or
 * 0), and all nodes that live now.
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
  /** Nodes that are not among those that live, though something was heard or read of them: since when. */
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

  /** Whether the others have taken this node for lost since the session began, and dropped whoever is here. */
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
   * Says in a new session that this node lives. Those who lived before have to show again that they do: nobody was heard for a time.
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
