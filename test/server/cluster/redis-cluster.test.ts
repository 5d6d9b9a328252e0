import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RedisNames } from '../../../server/cluster/redis/redis-keyspace.js';
import { createLog } from '../../../server/log.js';
import { roomKey } from '../../support/room-key.js';
import { redisUrl } from '../../support/redis-server.js';
import { Heard, message, peer } from './heard.js';
import { newPrefix, nodesOn, redisAt } from './nodes-on-redis.js';

const ROOM = roomKey('acme', 'algebra');
const OTHER = roomKey('acme', 'biology');

test('who links a room is told everyone who is there on other nodes, and then who comes, is called otherwise and leaves', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada'), peer(2, 'Bob')]);
  await here.ready;

  const heard = new Heard();
  await two.link(ROOM, heard).ready;

  assert.deepEqual(heard.people, [`${one.node}/1 Ada`, `${one.node}/2 Bob`]);
  here.came([peer(2, 'Bert')]);
  here.left([1]);
  await heard.until(() => heard.people.length === 1);
  assert.deepEqual(heard.people, [`${one.node}/2 Bert`]);
});

test('what is kept and what is live is told the others in its order, and not to who said it', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const [own, heard] = [new Heard(), new Heard()];
  const here = one.link(ROOM, own);
  here.came([peer(1, 'Ada')]);
  await here.ready;
  await two.link(ROOM, heard).ready;

  here.steps(1, [['ink', 'AAAAAAAA', 'red', 4, -2, 0, 'AA']]);
  one.announce(ROOM, 'e1', [message(7), message(8)]);
  here.steps(1, [
    ['more', 'BB'],
    ['at', 3, -4],
  ]);
  two.announce(ROOM, 'e1', [message(9)]);
  await heard.until(() => heard.of('steps').length === 2);
  await own.until(() => own.of('events').length === 1);

  assert.deepEqual(
    heard.told.filter(([kind]) => kind !== 'came' && kind !== 'asked'),
    [
      ['steps', one.node, 1, [['ink', 'AAAAAAAA', 'red', 4, -2, 0, 'AA']]],
      ['events', 'e1', [7, 8]],
      [
        'steps',
        one.node,
        1,
        [
          ['more', 'BB'],
          ['at', 3, -4],
        ],
      ],
    ],
  );
  assert.deepEqual(own.told, [['asked'], ['events', 'e1', [9]]]);
});

test('what is said in one round of the event loop is one message', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada'), peer(2, 'Bob')]);
  await here.ready;
  const heard = new Heard();
  await two.link(ROOM, heard).ready;
  // Whatever was said before this is counted when it is heard.
  one.announce(ROOM, 'e1', [message(1)]);
  await heard.until(() => heard.of('events').length === 1);
  const before = { sent: one.counters.sent.messages, received: two.counters.received.messages };

  for (let step = 0; step < 10; step += 1) here.steps(1 + (step % 2), [['at', step, step]]);
  await heard.until(() => heard.of('steps').length === 10);

  assert.equal(one.counters.sent.messages - before.sent, 1);
  assert.equal(two.counters.received.messages - before.received, 1);
  assert.ok(two.counters.received.bytes > 100);
});

test('a node where nobody is in a room tells the others what it kept there', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const heard = new Heard();
  await two.link(ROOM, heard).ready;

  one.announce(ROOM, 'e1', [message(1)]);
  await heard.until(() => heard.told.length > 0);

  assert.deepEqual(heard.told, [['events', 'e1', [1]]]);
});

test('what is said in one room is heard in no other', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const [heard, other] = [new Heard(), new Heard()];
  await Promise.all([two.link(ROOM, heard).ready, two.link(OTHER, other).ready]);

  one.announce(ROOM, 'e1', [message(1)]);
  one.announce(OTHER, 'e2', [message(2)]);
  await Promise.all([heard.until(() => heard.told.length > 0), other.until(() => other.told.length > 0)]);

  assert.deepEqual([heard.told, other.told], [[['events', 'e1', [1]]], [['events', 'e2', [2]]]]);
});

test('who begins to listen asks the others for the ink in progress, and hears them', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const own = new Heard();
  const here = one.link(ROOM, own);
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const answering = own.until(() => own.of('asked').length === 1).then(() => here.steps(1, [['type', 1]]));

  const heard = new Heard();
  two.link(ROOM, heard);
  await heard.until(() => heard.of('steps').length === 1);
  await answering;

  // The other one may be heard asking as well: it has only just begun to listen itself.
  const told = heard.told.filter(([kind]) => kind !== 'asked');
  assert.deepEqual(told, [
    ['came', one.node, ['Ada']],
    ['steps', one.node, 1, [['type', 1]]],
  ]);
});

test('the people of a node that was heard before it was seen to live are told of as soon as it is', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  // Long enough for the other one to be heard before.
  const [one] = await nodesOn(t, url, 1, { prefix, times: { beat: 1_000, lostAfter: 10_000 } });
  const first = new Heard();
  await one.link(roomKey('acme', 'one'), first).ready;
  const [two] = await nodesOn(t, url, 1, { prefix });
  const asked = new Heard();
  const there = two.link(ROOM, asked);
  there.came([peer(1, 'Ada'), peer(2, 'Bob'), peer(3, 'Cy')]);
  await there.ready;
  two.link(roomKey('acme', 'one'), new Heard()).came([peer(1, 'Ada')]);
  await first.until(() => first.people.length === 1);

  const heard = new Heard();
  await one.link(ROOM, heard).ready;
  await asked.until(() => asked.of('asked').length === 1);
  assert.deepEqual(heard.people, [], 'it is not seen to live yet');
  there.left([2]);
  there.came([peer(3, 'Di')]);
  await heard.until(() => heard.people.length === 2);
  // What is in progress there was told too early.
  await asked.until(() => asked.of('asked').length === 2);
  there.steps(1, [['at', 1, 2]]);
  await heard.until(() => heard.of('steps').length === 1);

  assert.deepEqual(heard.people, [`${two.node}/1 Ada`, `${two.node}/3 Di`]);
});

test('a link that is closed takes back whoever it told of, hears nothing any longer, and may be closed again', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one, two] = await nodesOn(t, url, 2, { prefix });
  const [own, heard] = [new Heard(), new Heard()];
  const here = one.link(ROOM, own);
  here.came([peer(1, 'Ada'), peer(2, 'Bob')]);
  await here.ready;
  await two.link(ROOM, heard).ready;
  await own.until(() => own.of('asked').length === 1);

  here.close();
  here.close();
  here.steps(1, [['at', 1, 1]]);
  here.came([peer(3, 'Eve')]);
  await heard.until(() => heard.people.length === 0);
  two.announce(ROOM, 'e1', [message(1)]);
  // Told after it, to somebody who does listen.
  const again = new Heard();
  await one.link(OTHER, again).ready;
  two.announce(OTHER, 'e1', [message(2)]);
  await again.until(() => again.told.length > 0);

  const told = heard.told.filter(([kind]) => kind !== 'asked');
  assert.deepEqual(told.slice(1), [['left', one.node, [1, 2]]]);
  assert.deepEqual(own.told, [['asked']]);
  const redis = await redisAt(t, url);
  const channel = new RedisNames(prefix).of('room', ROOM).text;
  assert.deepEqual(await redis.call('PUBSUB', 'SHARDNUMSUB', channel), [channel, 1]);
  assert.equal(await redis.call('EXISTS', new RedisNames(prefix).of('here', ROOM).text), 0);
});

test('clusters with other prefixes on the same Redis do not hear each other', async t => {
  const url = await redisUrl(t);
  const [one] = await nodesOn(t, url, 1);
  const [two, three] = await nodesOn(t, url, 2);
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const heard = new Heard();
  await three.link(ROOM, heard).ready;

  one.announce(ROOM, 'e1', [message(1)]);
  await here.ready;
  two.announce(ROOM, 'e2', [message(2)]);
  await heard.until(() => heard.told.length > 0);

  assert.deepEqual(heard.told, [['events', 'e2', [2]]]);
});

test('a node that closes tells so at once, and leaves nothing behind', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one, two] = await nodesOn(t, url, 2, { prefix });
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const heard = new Heard();
  await two.link(ROOM, heard).ready;

  await one.close();
  await one.close();
  await heard.until(() => heard.people.length === 0);

  assert.deepEqual(heard.of('left'), [['left', one.node, [1]]]);
  const redis = await redisAt(t, url);
  assert.equal(await redis.call('EXISTS', new RedisNames(prefix).of('here', ROOM).text), 0);
  assert.equal(await redis.call('ZSCORE', new RedisNames(prefix).of('nodes', 'living').text, one.node), null);
  assert.equal(one.connected, false);
});

test('a change of sites is told every other node', async t => {
  const [one, two, three] = await nodesOn(t, await redisUrl(t), 3);
  let own = 0;
  one.onSites(() => (own += 1));
  const others = [two, three].map(node => new Promise<void>(resolve => node.onSites(resolve)));

  one.tellSites();
  await Promise.all(others);
  assert.equal(own, 0);

  // What is told next comes after what was said before.
  const back = new Promise<void>(resolve => one.onSites(resolve));
  two.tellSites();
  await back;
  assert.equal(own, 1);
});

test('a message of another form is ignored and counted, as is one that is none, and the log says so once', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const logged: string[] = [];
  const log = createLog('warn', { write: line => logged.push(line) });
  const [one, two] = await nodesOn(t, url, 2, { prefix, log });
  const heard = new Heard();
  await two.link(ROOM, heard).ready;
  const channel = new RedisNames(prefix).of('room', ROOM).text;
  const redis = await redisAt(t, url);

  const strange = [
    '3["AAAAAAAA",[["kept","e",[]]]]',
    '2["AAAAAAAA",[["said","e",[]]]]',
    '2["AAAAAAAA",[["kept","e",[{"seq":1}]]]]',
    '2["AAAAAAAA",[["live",1,[["more",7]]]]]',
    '2{',
    '2',
    '',
  ];
  for (const text of strange) await redis.call('SPUBLISH', channel, text);
  one.announce(ROOM, 'e1', [message(1)]);
  await heard.until(() => heard.told.length > 0);

  assert.deepEqual(heard.told, [['events', 'e1', [1]]]);
  assert.equal(two.counters.ignored, strange.length);
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? '', /"begins":"3\[\\"AAAAAAAA\\""/);
});

test('of somebody who has left nothing live is told', async t => {
  const [one, two] = await nodesOn(t, await redisUrl(t), 2);
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const heard = new Heard();
  await two.link(ROOM, heard).ready;

  here.left([1]);
  here.steps(1, [['at', 1, 1]]);
  one.announce(ROOM, 'e1', [message(1)]);
  await heard.until(() => heard.of('events').length > 0);

  assert.deepEqual(heard.of('steps'), []);
});

test('nothing is kept for ever', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one] = await nodesOn(t, url, 1, { prefix });
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  one.connections.came('acme', 'ada');
  await one.budgets.settle([{ budget: 'b', rate: { perSecond: 1, burst: 10 }, amount: 5 }]);

  const redis = await redisAt(t, url);
  const keys = await redis.call('KEYS', `${prefix}:*`);
  assert.ok(Array.isArray(keys) && keys.length >= 3, JSON.stringify(keys));
  for (const key of keys) {
    assert.ok(Number(await redis.call('PTTL', String(key))) > 0, `${String(key)} has no end`);
  }
});

test('who is here is written again before it expires', async t => {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [one] = await nodesOn(t, url, 1, { prefix, times: { refresh: 100 } });
  const here = one.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  const redis = await redisAt(t, url);
  const key = new RedisNames(prefix).of('here', ROOM).text;

  await redis.call('DEL', key);
  while ((await redis.call('EXISTS', key)) === 0) await redis.ping();

  assert.ok(Number(await redis.call('PTTL', key)) > 0);
});
