import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { newCommandId } from '../../protocol/names.js';
import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../protocol/version.js';
import { PATIENCE, until } from '../support/patience.js';
import type { Scope } from '../support/scope.js';
import { draw, post } from '../support/commands.js';
import { memoryInUse, PROBED } from './memory-in-use.js';
import { RawWebSocket } from './raw-websocket.js';
import { type Service, startService } from './service.js';
import { SITE } from './site.js';
import { stroke } from '../support/strokes.js';

const ROOM = 'lobby';
/** What one reader that reads nothing may cost the server, in bytes. */
const MOST = 4 * 1024 * 1024;
/**
 * People who talk and draw as fast as they are heard; so many that each has its turn of everything.
 */
const AUTHORS = 21;
/**
 * Events that are sent past each reader, some twelve megabytes: more than the system holds for a
 * socket that is not read.
 */
const EVENTS = 2_500;
/** How often memory is looked at meanwhile. */
const LOOKS = 5;

/** What is written, in turn: short and long, in letters of one, two and three bytes, and ink. */
const THINGS = [post('a'), post('黒板'.repeat(1_500)), post('é'.repeat(4_000)), 'stroke'] as const;

suite(
  "a reader that stops reading under full traffic costs the server's memory less than 4 MiB, and nobody anything",
  () => {
    for (const transport of ['websocket', 'polling'] as const) {
      test(`over ${transport}`, async t => {
        const server = await startService(t, {
          ...PROBED,
          COMMANDS_PER_SECOND: '100',
          COMMANDS_BURST: '100000',
        });
        const authors = await Promise.all(
          Array.from({ length: AUTHORS }, async (_, index) =>
            RawWebSocket.enter(server.url, await server.token({ person: `p${index}` }), ROOM),
          ),
        );
        t.after(() => authors.forEach(author => author.close()));
        const traffic = new Traffic(authors);
        // Whoever reads, the room itself grows by what is said in it.
        await traffic.goOn(EVENTS / LOOKS);
        const without = await growth(server, traffic);
        const stop = await (transport === 'websocket' ? stuckSocket(server) : stuckPoller(t, server));
        t.after(stop);
        const most = (await growth(server, traffic)) - without;
        t.diagnostic(
          `${EVENTS} events went past it; memory rose by ${most} bytes at most, beside ${without} that it rises anyway`,
        );
        assert.ok(most < MOST, `${most} bytes`);
        assert.ok(authors.every(author => author.open));
      });
    }
  },
);

/** Everyone in turn says something, and waits until all have heard it. */
class Traffic {
  readonly #authors: readonly RawWebSocket[];
  #said = 0;

  constructor(authors: readonly RawWebSocket[]) {
    this.#authors = authors;
  }

  /** Ends when so many events more were told to everyone who reads. */
  async goOn(events: number): Promise<void> {
    for (let told = 0; told < events; told += this.#authors.length) {
      await Promise.all(
        this.#authors.map(async author => {
          const id = newCommandId();
          const body = this.#next();
          const heard = author.hears(text => text.includes(`"${id}"`) || text.includes('"ok":false'));
          author.text(`42${PEOPLE_NAMESPACE},1["command",${JSON.stringify({ room: ROOM, id, body })}]`);
          author.text(`42${PEOPLE_NAMESPACE},["l",1,["at",${this.#said},0]]`);
          assert.ok((await heard).includes(id));
        }),
      );
    }
  }

  #next(): object {
    this.#said += 1;
    const thing = THINGS[this.#said % THINGS.length];
    if (typeof thing === 'object') return thing;
    return draw(stroke({ points: 'C'.repeat(2_000) }));
  }
}

/** By how much memory rises at most while so much is said. */
async function growth(server: Service, traffic: Traffic): Promise<number> {
  const before = await memoryInUse(server);
  let most = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    await traffic.goOn(EVENTS / LOOKS);
    most = Math.max(most, (await memoryInUse(server)) - before);
  }
  return most;
}

/** Somebody in the room whose line is stuck. */
async function stuckSocket(server: Service): Promise<() => void> {
  const socket = await RawWebSocket.enter(server.url, await server.token({ person: 'slow' }), ROOM);
  socket.pause();
  return () => socket.close();
}

/** Somebody in the room who never polls again. */
async function stuckPoller(scope: Scope, server: Service): Promise<() => void> {
  const url = `${await server.entrance(scope)}${SOCKET_PATH}/?EIO=4&transport=polling&site=${SITE}`;
  const opened = await (await fetch(url)).text();
  const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
  const session = `${url}&sid=${sid}`;
  const write = async (body: string) => assert.equal((await fetch(session, { method: 'POST', body })).status, 200);
  const hear = async (wanted: string) => {
    await until(
      PATIENCE,
      async () => (await (await fetch(session)).text()).includes(wanted),
      () => `the poller never hears ${wanted}`,
    );
  };
  await write(
    `40${PEOPLE_NAMESPACE},${JSON.stringify({ token: await server.token({ person: 'slow' }), protocol: 1 })}`,
  );
  await hear('"welcome"');
  await write(`42${PEOPLE_NAMESPACE},0["join",{"room":"${ROOM}"}]`);
  await hear(`43${PEOPLE_NAMESPACE},0`);
  return () => undefined;
}
