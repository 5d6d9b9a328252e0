import type { SharedBudgets, Spending } from '../cluster.js';
import { type RedisCommands, RedisScript } from './redis-client.js';
import type { RedisName, RedisNames } from './redis-keyspace.js';
import type { Reply } from './redis-server-link.js';

/**
 * Takes from several budgets, be it there or not: it was spent already. By Redis' own clock, for
 * nodes need not agree on the time. What is full is not kept: `left` and since when, until it would
 * be full. Each has three arguments: its rate a second, what it holds, what was spent.
 */
const SPEND = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all = {}
for index, key in ipairs(KEYS) do
  local rate = tonumber(ARGV[index * 3 - 2])
  local burst = tonumber(ARGV[index * 3 - 1])
  local left = burst
  local kept = redis.call('GET', key)
  if kept then
    local before, at = string.match(kept, '(%S+) (%S+)')
    left = math.min(burst, before + math.max(0, now - at) / 1000 * rate)
  end
  left = left - ARGV[index * 3]
  all[index] = string.format('%.6f', left)
  if left < burst then
    local untilFull = math.min(${24 * 60 * 60 * 1_000}, (burst - left) / rate * 1000)
    redis.call('SET', key, string.format('%.6f %.0f', left, now), 'PX', string.format('%.0f', math.ceil(untilFull) + 1))
  end
end
return all
`);

/**
 * Budgets in Redis. One call for each of its parts, however many of them are spent from at once.
 */
export class RedisBudgets implements SharedBudgets {
  readonly #commands: Pick<RedisCommands, 'run'>;
  readonly #names: RedisNames;

  constructor(commands: Pick<RedisCommands, 'run'>, names: RedisNames) {
    this.#commands = commands;
    this.#names = names;
  }

  /**
   * @throws RedisError: then some may be settled and others not, and where they are told again they
   *   may be counted twice
   */
  async settle(spendings: readonly Spending[]): Promise<readonly number[]> {
    const left = new Array<number>(spendings.length).fill(Infinity);
    await Promise.all([...this.#byPart(spendings)].map(part => this.#settle(part, left)));
    return left;
  }

  async #settle(part: readonly Asked[], left: number[]): Promise<void> {
    const amounts = part.flatMap(({ spending: { rate, amount } }) => [rate.perSecond, rate.burst, amount]);
    const reply = await this.#commands.run(
      SPEND,
      part.map(({ name }) => name),
      ...amounts,
    );
    for (const [position, { index }] of part.entries()) left[index] = leftIn(reply, position);
  }

  /** Those that lie together, since a script may touch no others. */
  #byPart(spendings: readonly Spending[]): Iterable<readonly Asked[]> {
    const parts = new Map<number, Asked[]>();
    for (const [index, spending] of spendings.entries()) {
      const name = this.#names.of('budget', spending.budget);
      const part = parts.get(name.part);
      if (part) part.push({ name, index, spending });
      else parts.set(name.part, [{ name, index, spending }]);
    }
    return parts.values();
  }
}

interface Asked {
  readonly name: RedisName;
  readonly index: number;
  readonly spending: Spending;
}

function leftIn(reply: Reply, position: number): number {
  const left = Array.isArray(reply) ? Number(reply[position]) : NaN;
  // Nobody is held up by an answer that is none.
  return Number.isFinite(left) ? left : Infinity;
}
