import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { Cluster, RoomLink } from '../../../server/cluster/cluster.js';
import { CutProxy } from '../../support/cut-proxy.js';
import { holds } from '../../support/properties/holds.js';
import { redisUrl } from '../../support/redis-server.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, message, peer } from './heard.js';
import { connectedIs, newPrefix, nodesOn, redisAt, TIMES } from './nodes-on-redis.js';

/** What a node does in the room; `wait` lets the answers of Redis come in. */
const doing = fc.constantFrom('link', 'close', 'came', 'left', 'renamed', 'wait');
const story = fc.array(fc.tuple(fc.nat(2), doing), { minLength: 1, maxLength: 40 });
/** What is done while Redis is away: nothing is ready then. */
const meanwhile = fc.array(
  fc.tuple(
    fc.nat(2),
    doing.filter(what => what !== 'wait'),
  ),
  { maxLength: 8 },
);

/**
 * A node's part in one room, as a room with people would use it: peers are numbered anew after each
 * closing.
 */
class Part {
  readonly node: Cluster;
  readonly #room: ReturnType<typeof roomKey>;
  #heard = new Heard();
  #link: RoomLink | undefined;
  #last = 0;
  #renamings = 0;
  readonly here = new Map<number, string>();

  constructor(node: Cluster, room: ReturnType<typeof roomKey>) {
    this.node = node;
    this.#room = room;
  }

  get heard(): Heard | undefined {
    return this.#link && this.#heard;
  }

  async do(what: string): Promise<void> {
    const [first] = this.here.keys();
    if (what === 'wait') await this.#link?.ready;
    if (what === 'link') this.#open();
    if (what === 'close') this.#close();
    if (what === 'came') this.#come((this.#last += 1), `P${this.#last}`);
    if (what === 'renamed' && first !== undefined) this.#come(first, `Q${(this.#renamings += 1)}`);
    if (what === 'left' && first !== undefined) {
      this.here.delete(first);
      this.#link?.left([first]);
    }
  }

  /** Whether it was told exactly these. */
  async knows(others: readonly Part[]): Promise<void> {
    const expected = others
      .flatMap(({ node, here }) => [...here].map(([number, name]) => `${node.node}/${number} ${name}`))
      .sort()
      .join();
    await this.heard?.until(() => this.heard?.people.join() === expected);
  }

  #open(): void {
    this.#heard = this.heard ?? new Heard();
    this.#link ??= this.node.link(this.#room, this.#heard);
  }

  #close(): void {
    this.#link?.close();
    this.#link = undefined;
    this.here.clear();
    this.#last = 0;
  }

  #come(number: number, name: string): void {
    this.#open();
    this.here.set(number, name);
    this.#link?.came([peer(number, name)]);
  }
}

test('in whichever order nodes link and close a room and people come and go, everyone knows who is there', async t => {
  const nodes = await nodesOn(t, await redisUrl(t), 3);
  let rooms = 0;
  await holds(
    t,
    fc.asyncProperty(story, async steps => {
      const room = roomKey('acme', `room-${(rooms += 1)}`);
      const parts = nodes.map(node => new Part(node, room));
      for (const [index, what] of steps) await parts[index]?.do(what);
      try {
        for (const part of parts) {
          await part.do('wait');
          await part.knows(parts.filter(other => other !== part));
        }
        // Each is told once more, and nothing of the past comes after it.
        const [teller, ...others] = parts;
        teller?.node.announce(room, 'e', [message(1)]);
        for (const { heard } of others) await heard?.until(() => heard.of('events').length > 0);
        for (const part of parts) await part.knows(parts.filter(other => other !== part));
        for (const { heard } of others) assert.ok((heard?.of('events').length ?? 1) === 1);
      } finally {
        for (const part of parts) await part.do('close');
      }
    }),
    { runs: 300 },
  );
});

test('whatever Redis forgets in an outage, and in whichever order nodes come back, everyone knows who is there', async t => {
  const [url, prefix] = [await redisUrl(t), newPrefix()];
  const networks = await Promise.all([0, 1, 2].map(() => CutProxy.before(t, url)));
  const urls = networks.map(network => network.urlOf(url));
  const nodes = await nodesOn(t, url, 3, {
    prefix,
    urls,
    times: { ...TIMES, lostAfter: 300, retry: { first: 5, longest: 5 } },
  });
  const redis = await redisAt(t, url);
  const all = (connected: boolean) => Promise.all(nodes.map(node => connectedIs(node, connected)));
  const forget = async () => {
    for (const key of [await redis.call('KEYS', `${prefix}:*`)].flat()) await redis.call('DEL', String(key));
  };
  let rooms = 0;
  await holds(
    t,
    fc.asyncProperty(story, fc.boolean(), meanwhile, meanwhile, async (before, forgets, during, after) => {
      const room = roomKey('acme', `room-${(rooms += 1)}`);
      const parts = nodes.map(node => new Part(node, room));
      try {
        for (const [index, what] of before) await parts[index]?.do(what);
        for (const part of parts) await part.do('link');
        for (const part of parts) await part.knows(parts.filter(other => other !== part));
        const away = all(false);
        for (const network of networks) network.cut();
        await away;
        for (const [index, what] of during) await parts[index]?.do(what);
        if (forgets) await forget();
        const back = all(true);
        for (const network of networks) network.mend();
        await back;
        for (const [index, what] of after) await parts[index]?.do(what);
        for (const part of parts) {
          await part.do('wait');
          await part.knows(parts.filter(other => other !== part));
        }
      } finally {
        for (const part of parts) await part.do('close');
      }
    }),
    { runs: 100 },
  );
});
