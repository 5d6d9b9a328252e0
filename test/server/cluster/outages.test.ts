import assert from 'node:assert/strict';
import { type ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import { RedisNames } from '../../../server/cluster/redis/redis-keyspace.js';
import { CutProxy } from '../../support/cut-proxy.js';
import { PATIENCE, within } from '../../support/patience.js';
import { endProgram, startProgram } from '../../support/programs.js';
import { RedisServer, redisUrl } from '../../support/redis-server.js';
import { roomKey } from '../../support/room-key.js';
import { SkippingClock } from '../../support/skipping-clock.js';
import { Heard, message, peer } from './heard.js';
import { connectedIs, newPrefix, nodesOn, redisAt } from './nodes-on-redis.js';

const ROOM = roomKey('acme', 'algebra');

async function redisServer(t: TestContext): Promise<RedisServer> {
  const server = await RedisServer.start();
  t.after(() => server.close());
  return server;
}

/** Starts a node of another process with somebody in the room. */
async function loneNode(
  t: TestContext,
  url: string,
  prefix: string,
  name: string,
): Promise<{ readonly node: string; readonly child: ChildProcess }> {
  let node = '';
  const script = fileURLToPath(new URL('lone-node.js', import.meta.url));
  const child = await startProgram([process.execPath, script, url, prefix, 'algebra', name], line => {
    node = /^node (.+)$/.exec(line)?.[1] ?? '';
    return node !== '';
  });
  t.after(() => endProgram(child, 'SIGKILL'));
  return { node, child };
}

/** Resolves when each of two nodes hears the other in the room. */
async function hearEachOther(
  [one, two]: Awaited<ReturnType<typeof nodesOn<2>>>,
  [own, heard]: readonly [Heard, Heard],
): Promise<void> {
  const [seq, before] = [Math.floor(performance.now()), [own.of('events').length, heard.of('events').length]];
  one.announce(ROOM, 'e', [message(seq)]);
  two.announce(ROOM, 'e', [message(seq)]);
  await own.until(() => own.of('events').length > (before[0] ?? 0));
  await heard.until(() => heard.of('events').length > (before[1] ?? 0));
}

/** Time goes by much faster than on the wall, and what comes by the network comes in between. */
async function passes(clock: SkippingClock, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 100) {
    await new Promise(setImmediate);
    clock.skip(100);
  }
}

test('a Redis that is killed and comes back empty: everyone is told of again, and nobody seems to have gone meanwhile', async t => {
  const server = await redisServer(t);
  const nodes = await nodesOn(t, server.url, 2);
  const [one, two] = nodes;
  const [own, heard] = [new Heard(), new Heard()];
  const here = one.link(ROOM, own);
  const there = two.link(ROOM, heard);
  here.came([peer(1, 'Ada'), peer(2, 'Bob')]);
  there.came([peer(1, 'Cy')]);
  await own.until(() => own.people.length === 1);
  await heard.until(() => heard.people.length === 2);
  const changes: boolean[] = [];
  one.onConnected(connected => changes.push(connected));
  let sites = 0;
  one.onSites(() => (sites += 1));
  const away = Promise.all([connectedIs(one, false), connectedIs(two, false)]);
  const asked = own.of('asked').length;

  await server.stop();
  await away;
  // Whoever comes and goes meanwhile is told of when that can be.
  here.left([2]);
  here.came([peer(3, 'Dee')]);
  one.announce(ROOM, 'lost', [message(1)]);
  await server.startAgain();
  await Promise.all([connectedIs(one, true), connectedIs(two, true)]);
  await heard.until(() => heard.people.join() === [`${one.node}/1 Ada`, `${one.node}/3 Dee`].join());
  await hearEachOther(nodes, [own, heard]);

  assert.deepEqual(own.people, [`${two.node}/1 Cy`]);
  assert.deepEqual(own.of('left'), []);
  assert.deepEqual([...own.of('lost'), ...heard.of('lost')], []);
  assert.deepEqual(heard.of('left'), [['left', one.node, [2]]]);
  assert.equal(heard.of('came').filter(([, , names]) => names.includes('Ada')).length, 1);
  assert.deepEqual(changes, [false, true]);
  assert.equal(sites, 1);
  assert.ok(own.of('asked').length > asked, 'it is asked for its ink');
  assert.equal(one.counters.reconnects, 1);
});

test('a frozen Redis is noticed within three seconds, and all goes on when it thaws', async t => {
  const server = await redisServer(t);
  // As in production.
  const times = { pulse: { every: 1_000, within: 2_000 }, beat: 2_000, lostAfter: 10_000 };
  const clock = new SkippingClock();
  const nodes = await nodesOn(t, server.url, 2, { times, clock });
  const [one, two] = nodes;
  const [own, heard] = [new Heard(), new Heard()];
  const here = one.link(ROOM, own);
  here.came([peer(1, 'Ada')]);
  await Promise.all([here.ready, two.link(ROOM, heard).ready]);
  const { pid } = server;
  assert.ok(pid !== undefined);

  process.kill(pid, 'SIGSTOP');
  // In small steps: what it had answered just before arrives meanwhile, and counts.
  await passes(clock, 3_400);
  assert.deepEqual([one.connected, two.connected], [false, false]);
  // It stays so, however often a connection is taken that nobody answers.
  await passes(clock, 3_000);
  assert.deepEqual([one.connected, two.connected], [false, false]);
  process.kill(pid, 'SIGCONT');
  await Promise.all([connectedIs(one, true), connectedIs(two, true)]);
  await hearEachOther(nodes, [own, heard]);
  assert.deepEqual([...heard.of('left'), ...heard.of('lost')], []);
  assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);
});

for (const [how, take] of [
  ['is cut', (network: CutProxy) => network.cut()],
  ['swallows everything', (network: CutProxy) => network.swallow()],
] as const) {
  test(`a node whose network ${how} loses the others, is lost to them, and learns what became different`, async t => {
    const url = await redisUrl(t);
    const network = await CutProxy.before(t, url);
    const times = { pulse: { every: 100, within: 300 } };
    const nodes = await nodesOn(t, url, 2, { urls: [network.urlOf(url)], times });
    const [one, two] = nodes;
    const [own, heard] = [new Heard(), new Heard()];
    const here = one.link(ROOM, own);
    const there = two.link(ROOM, heard);
    here.came([peer(1, 'Ada')]);
    there.came([peer(1, 'Cy'), peer(2, 'Dee')]);
    await own.until(() => own.people.length === 2);
    await heard.until(() => heard.people.length === 1);

    take(network);
    await connectedIs(one, false);
    await heard.until(() => heard.of('lost').length === 1);
    there.left([1]);
    there.came([peer(2, 'Di'), peer(3, 'Eve')]);
    assert.equal(two.connected, true);
    assert.deepEqual(heard.people, []);
    network.mend();
    await connectedIs(one, true);
    await heard.until(() => heard.people.length === 1);
    await hearEachOther(nodes, [own, heard]);

    assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);
    assert.deepEqual(own.people, [`${two.node}/2 Di`, `${two.node}/3 Eve`]);
    assert.deepEqual(own.of('left'), [['left', two.node, [1]]]);
    assert.deepEqual(own.of('lost'), []);
  });
}

test('whoever was alone on their node and left while it was not heard has left', async t => {
  const url = await redisUrl(t);
  const network = await CutProxy.before(t, url);
  const [one, two] = await nodesOn(t, url, 2, { urls: [network.urlOf(url)] });
  const own = new Heard();
  const there = two.link(ROOM, new Heard());
  there.came([peer(1, 'Cy'), peer(2, 'Dee')]);
  await there.ready;
  await one.link(ROOM, own).ready;

  const back = connectedIs(one, false).then(() => connectedIs(one, true));
  network.cut();
  there.left([1, 2]);
  await two.link(roomKey('acme', 'biology'), new Heard()).ready;
  network.mend();
  await back;
  // One of them comes again before that is sure.
  there.came([peer(2, 'Di')]);
  await own.until(() => own.of('left').length > 0);

  assert.deepEqual(own.of('left'), [['left', two.node, [1]]]);
  assert.deepEqual(own.people, [`${two.node}/2 Di`]);
});

for (const whose of ['the one who reads', 'the one who draws']) {
  test(`a stroke that was dropped while the node of ${whose} was cut off ends, and one that goes on does not`, async t => {
    const url = await redisUrl(t);
    const network = await CutProxy.before(t, url);
    const urls = [network.urlOf(url)];
    const [cutOff, whole] = await nodesOn(t, url, 2, { urls });
    const [one, two] = whose === 'the one who reads' ? [whole, cutOff] : [cutOff, whole];
    const [own, heard] = [new Heard(), new Heard()];
    const there = one.link(ROOM, own);
    there.came([peer(1, 'Ada'), peer(2, 'Bob')]);
    await there.ready;
    await two.link(ROOM, heard).ready;
    const ink = (shape: string) => [['ink', shape, 'black', 3, 1, 0, 'AACC']] as const;
    there.steps(1, ink('dropped-'));
    there.steps(2, ink('goes-on-'));
    await heard.until(() => heard.of('steps').length === 2);
    await own.until(() => own.of('asked').length === 1);

    const away = connectedIs(cutOff, false);
    network.cut();
    await away;
    there.steps(1, [['drop']]);
    const asked = own.of('asked').length;
    network.mend();
    await own.until(() => own.of('asked').length > asked);
    there.steps(2, ink('goes-on-'));
    await heard.until(() => heard.of('steps').length === 4);

    const [, , ...later] = heard.of('steps');
    assert.deepEqual(later, [
      ['steps', one.node, 2, ink('goes-on-')],
      ['steps', one.node, 1, [['drop']]],
    ]);
  });
}

test('whoever was the last of their node in a room and left while it was cut off has left', async t => {
  const url = await redisUrl(t);
  const network = await CutProxy.before(t, url);
  const options = { prefix: newPrefix(), times: { lostAfter: 60_000 } };
  const [one, two] = await nodesOn(t, url, 2, { ...options, urls: [network.urlOf(url)] });
  const there = one.link(ROOM, new Heard());
  there.came([peer(1, 'Ada'), peer(2, 'Bob')]);
  await there.ready;
  const heard = new Heard();
  await two.link(ROOM, heard).ready;

  const away = connectedIs(one, false);
  network.cut();
  await away;
  there.left([1]);
  there.left([2]);
  there.close();
  network.mend();
  await connectedIs(one, true);
  await heard.until(() => heard.people.length === 0);

  // Nor does anybody find them who comes later.
  const [three] = await nodesOn(t, url, 1, options);
  const late = new Heard();
  await three.link(ROOM, late).ready;
  assert.deepEqual(late.people, []);
});

for (const [how, take] of [
  ['away', (network: CutProxy) => network.cut()],
  ['silent', (network: CutProxy) => network.swallow()],
] as const) {
  test(`a node that closes while Redis is ${how} does not wait for it`, async t => {
    const url = await redisUrl(t);
    const network = await CutProxy.before(t, url);
    // It would be noticed too late.
    const times = { pulse: { every: 60_000, within: 60_000 } };
    const [node] = await nodesOn(t, url, 1, { urls: [network.urlOf(url)], times });
    const here = node.link(ROOM, new Heard());
    here.came([peer(1, 'Ada')]);
    await here.ready;
    take(network);
    await within(PATIENCE, node.close(), () => 'it waits');
  });
}

test('a room that is linked while Redis is away is ready when it is there again', async t => {
  const server = await redisServer(t);
  const [one, two] = await nodesOn(t, server.url, 2);
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const away = connectedIs(two, false);
  await server.stop();
  await away;

  const heard = new Heard();
  const there = two.link(ROOM, heard);
  there.came([peer(1, 'Cy')]);
  const closed = two.link(roomKey('acme', 'biology'), new Heard());
  closed.close();
  await closed.ready;
  await server.startAgain();
  await there.ready;
  await heard.until(() => heard.people.length === 1);

  assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);
});

test('what Redis has forgotten is written again', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one] = await nodesOn(t, url, 1, { prefix });
  const own = new Heard();
  const here = one.link(ROOM, own);
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const names = new RedisNames(prefix);
  const redis = await redisAt(t, url);
  const back = connectedIs(one, false).then(() => connectedIs(one, true));

  for (const name of [names.of('here', ROOM), names.of('nodes', 'living')]) await redis.call('DEL', name.text);
  await back;

  assert.equal(await redis.call('HLEN', names.of('here', ROOM).text), 1);
  // Whoever missed something of the ink here hears of it.
  assert.deepEqual(own.told, [['asked']]);
});

test('a node that is killed is lost to every room it was in, and leaves nothing behind', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one, two] = await nodesOn(t, url, 2, { prefix });
  const [own, heard] = [new Heard(), new Heard()];
  await Promise.all([one.link(ROOM, own).ready, two.link(ROOM, heard).ready]);
  const lone = await loneNode(t, url, prefix, 'Ada');
  await own.until(() => own.people.length === 1);

  await endProgram(lone.child, 'SIGKILL');
  await own.until(() => own.of('lost').length > 0);
  await heard.until(() => heard.of('lost').length > 0);

  assert.deepEqual(
    [own, heard].map(({ people }) => people),
    [[], []],
  );
  assert.deepEqual(own.of('lost'), [['lost', lone.node]]);
  const redis = await redisAt(t, url);
  const key = new RedisNames(prefix).of('here', ROOM).text;
  while ((await redis.call('EXISTS', key)) === 1) await redis.ping();
});

test('whoever comes after a node was killed is told of nobody who was there on it', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const lone = await loneNode(t, url, prefix, 'Ada');
  await endProgram(lone.child, 'SIGKILL');
  const redis = await redisAt(t, url);
  const names = new RedisNames(prefix);
  while ((await redis.call('EXISTS', names.of('nodes', 'living').text)) === 1) await redis.ping();

  const [one] = await nodesOn(t, url, 1, { prefix });
  const heard = new Heard();
  await one.link(ROOM, heard).ready;

  assert.deepEqual(heard.told, []);
  // What it left goes as well.
  while ((await redis.call('EXISTS', names.of('here', ROOM).text)) === 1) await redis.ping();
});

test('a node that halts for too long is lost, and is there again with everyone on it when it goes on', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one] = await nodesOn(t, url, 1, { prefix });
  const heard = new Heard();
  await one.link(ROOM, heard).ready;
  const { node, child } = await loneNode(t, url, prefix, 'Ada');
  await heard.until(() => heard.people.length === 1);

  child.kill('SIGSTOP');
  await heard.until(() => heard.of('lost').length === 1);
  assert.deepEqual(heard.people, []);
  child.kill('SIGCONT');
  await heard.until(() => heard.people.length === 1);

  assert.deepEqual(heard.people, [`${node}/1 Ada`]);
  const redis = await redisAt(t, url);
  const key = new RedisNames(prefix).of('here', ROOM).text;
  while ((await redis.call('HLEN', key)) === 0) await redis.ping();
});
