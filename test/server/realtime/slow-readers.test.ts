import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';

import { LIMITS } from '../../../protocol/limits.js';
import { SOCKET_PATH } from '../../../protocol/version.js';
import { type Backend, ORIGIN, startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { draw, drawn } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

/** The TCP connection under a talker, by which a test stops reading. */
function wireOf(talker: Talker): Socket {
  const { transport } = talker.socket.io.engine;
  const webSocket: unknown = Reflect.get(transport, 'ws');
  assert.ok(typeof webSocket === 'object' && webSocket !== null);
  const wire: unknown = Reflect.get(webSocket, '_socket');
  assert.ok(typeof wire === 'object' && wire !== null);
  return wire as Socket;
}

const OPEN = { perSecond: 1e9, burst: 1e9 };
/** A stroke as long as one may be. */
const POINTS = 'C'.repeat(LIMITS.strokePoints);
/** Nothing but the reader's pace holds anything up. */
const UNLIMITED = {
  rates: {
    commands: OPEN,
    commandSize: OPEN,
    orders: OPEN,
    points: OPEN,
    packets: OPEN,
    packetSize: OPEN,
    packetPoints: OPEN,
  },
  limits: { bytesPerSecond: 1e9, pointsPerSecond: 1e9 },
};

/**
 * Until somebody is told that the slow one has come. Of who comes and goes between two tellings of
 * presence the number alone is told: who it was that left would be waited for in vain.
 */
async function seesSlow(told: Talker): Promise<void> {
  await told.hears('presence', ({ came }) => came.some(({ person }) => person.id === 'slow'));
}

/** Until somebody is told that the slow one has left. */
async function losesSlow(told: Talker): Promise<true> {
  await told.hears('presence', ({ left }) => left.some(peer => told.who('lobby', peer) === 'slow'));
  return true;
}

test('who stops reading is disconnected, and the others notice nothing', async t => {
  const backend = await startBackend(t, UNLIMITED);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const bob = await Talker.enter(backend, { person: 'bob' });
  const slow = await Talker.enter(backend, { person: 'slow' });
  const { handle } = await ann.join('lobby');
  await bob.join('lobby');
  await slow.join('lobby');
  await seesSlow(bob);
  wireOf(slow).pause();

  const isGone = losesSlow(bob);
  let drawn = 0;
  for (let gone = false; !gone; drawn += 1) {
    assert.ok(drawn < 2_000, 'a reader that reads nothing is still there');
    await drawLong(ann);
    ann.socket.emit('l', handle, ['at', drawn, 0]);
    await bob.frame(entry => entry[0] === 'at' && entry[1] === drawn);
    gone = await Promise.race([isGone, Promise.resolve(false)]);
  }
  assert.ok(ann.socket.connected && bob.socket.connected);
});

test('who orders page after page and reads none is disconnected', async t => {
  const backend = await startBackend(t, UNLIMITED);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const slow = await Talker.enter(backend, { person: 'slow' });
  await ann.join('lobby');
  for (let drawn = 0; drawn < 5; drawn += 1) await drawLong(ann);
  const { head } = await slow.join('lobby');
  const order = { room: 'lobby', after: { epoch: head.epoch, seq: 0 } };
  assert.ok((await slow.ask('catchup', order)).ok);
  await seesSlow(ann);
  wireOf(slow).pause();

  const isGone = losesSlow(ann);
  for (let asked = 0, gone = false; !gone; asked += 1) {
    assert.ok(asked < 500, 'a reader that reads nothing is still there');
    slow.socket.emit('catchup', order, () => undefined);
    await ann.ask('read', { room: 'lobby', seq: 0 });
    gone = await Promise.race([isGone, Promise.resolve(false)]);
  }
  assert.ok(ann.socket.connected);
});

/** A long-polling client that polls only when it is told to. */
class Poller {
  readonly #url: string;
  readonly #headers = { origin: ORIGIN };

  private constructor(url: string) {
    this.#url = url;
  }

  static async enter(backend: Backend, room: string): Promise<Poller> {
    const url = `${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;
    const opened = await fetch(url, { headers: { origin: ORIGIN } });
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    const poller = new Poller(`${url}&sid=${sid}`);
    await poller.write(`40/v1,${JSON.stringify({ token: await backend.token({ person: 'slow' }), protocol: 1 })}`);
    while (!(await poller.poll()).includes('"welcome"'));
    await poller.write(`42/v1,1["join",{"room":"${room}"}]`);
    while (!(await poller.poll()).includes('43/v1,1'));
    return poller;
  }

  async write(packet: string): Promise<void> {
    const { status } = await fetch(this.#url, { method: 'POST', headers: this.#headers, body: packet });
    assert.equal(status, 200);
  }

  /** What is queued, or what comes next; the status where there is no connection any more. */
  async poll(): Promise<string> {
    const answer = await fetch(this.#url, { headers: this.#headers });
    return answer.status === 200 ? answer.text() : String(answer.status);
  }
}

test('who reads again gets live frames again, with the strokes in progress', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const bob = await Talker.enter(backend, { person: 'bob' });
  const { handle } = await ann.join('lobby');
  await bob.join('lobby');
  const slow = await Poller.enter(backend, 'lobby');

  const moveTo = async (x: number) => {
    ann.socket.emit('l', handle, ['at', x, 0]);
    await bob.frame(entry => entry[0] === 'at' && entry[1] === x);
  };
  await moveTo(1);
  await drawLong(ann);
  await drawLong(ann);
  await moveTo(2);
  ann.socket.emit('l', handle, ['ink', 'strokeA1', 'blue', 4, 0, 0, 'CC']);
  await bob.frame(entry => entry[0] === 'ink');
  const missed = await slow.poll();
  assert.equal(missed.match(/"shape.drawn"/g)?.length, 2);
  assert.ok(missed.includes('["at",1,0]'));
  assert.ok(!missed.includes('["at",2,0]') && !missed.includes('"ink"'));

  await moveTo(3);
  let caughtUp = '';
  while (!caughtUp.includes('["at",3,0]')) caughtUp += await slow.poll();
  assert.ok(caughtUp.includes('["ink","strokeA1","blue",4,0,0,"CC"]'));
});

test('what waits for a poll that never comes is held up to a megabyte', async t => {
  const backend = await startBackend(t, UNLIMITED);
  const ann = await Talker.enter(backend, { person: 'ann' });
  await ann.join('lobby');
  const slow = await Poller.enter(backend, 'lobby');
  for (let count = 0; count < 20; count += 1) await drawLong(ann);
  assert.ok((await slow.poll()).includes(drawn(stroke()).type));
  for (let count = 0; count < 25; count += 1) await drawLong(ann);
  assert.equal(await slow.poll(), '400');
  assert.ok(ann.socket.connected);
});

function drawLong(talker: Talker): Promise<number> {
  return talker.command('lobby', draw(stroke({ points: POINTS })));
}
