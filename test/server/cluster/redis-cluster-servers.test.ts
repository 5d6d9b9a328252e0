import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RedisNames } from '../../../server/cluster/redis/redis-keyspace.js';
import { RedisClusterServers } from '../../support/redis-cluster.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, message, peer } from './heard.js';
import { connectedIs, newPrefix, nodesOn } from './nodes-on-redis.js';

const ROOMS = Array.from({ length: 30 }, (_, index) => roomKey('acme', `room-${index}`));

test('on a Redis Cluster of three servers rooms lie on all of them, and everything is told', async t => {
  const redis = await RedisClusterServers.start(t);
  const prefix = newPrefix();
  const [one, two] = await nodesOn(t, redis.url, 2, { prefix });
  const heard = ROOMS.map(() => new Heard());
  for (const room of ROOMS) {
    const here = one.link(room, new Heard());
    here.came([peer(1, 'Ada')]);
    await here.ready;
    here.steps(1, [['at', 1, 1]]);
  }
  const there = ROOMS.map((room, index) => two.link(room, heard[index] ?? new Heard()));
  await Promise.all(there.map(({ ready }) => ready));
  for (const room of ROOMS) one.announce(room, 'e', [message(1)]);
  await Promise.all(heard.map(each => each.until(() => each.of('events').length === 1)));

  for (const each of heard) assert.deepEqual(each.people, [`${one.node}/1 Ada`]);
  const names = new RedisNames(prefix);
  const holders = new Set(await Promise.all(ROOMS.map(room => redis.holderOf(names.of('here', room).text))));
  assert.equal(holders.size, 3);
  for (const server of redis.servers) assert.notEqual(await redis.ask(server, 'PUBSUB', 'SHARDCHANNELS'), '');
  assert.deepEqual(await one.connections.elsewhere('acme', 'ada'), { ofSite: 0, ofPerson: 0 });
  const rate = { perSecond: 1, burst: 10 };
  const spendings = ROOMS.map(budget => ({ budget, rate, amount: 4 }));
  assert.ok((await one.budgets.settle(spendings)).every(left => Math.abs(left - 6) < 0.5));
});

test('a server of the cluster that is lost, and a slot that moves to another: nodes hear each other again', async t => {
  const redis = await RedisClusterServers.start(t);
  const prefix = newPrefix();
  const [one, two] = await nodesOn(t, redis.url, 2, { prefix, times: { lostAfter: 10_000 } });
  const [room] = ROOMS;
  assert.ok(room);
  const channel = new RedisNames(prefix).of('room', room).text;
  const heard = new Heard();
  const here = one.link(room, new Heard());
  here.came([peer(1, 'Ada')]);
  await Promise.all([here.ready, two.link(room, heard).ready]);
  const holder = await redis.holderOf(channel);
  const other = redis.servers.find(server => server !== holder);
  assert.ok(other);

  const back = connectedIs(two, false).then(() => connectedIs(two, true));
  await redis.move(channel, other);
  assert.equal(await redis.holderOf(channel), other);
  await back;
  let seq = 1;
  // What is told before the other node has noticed as well is lost, as storage tells.
  while (heard.of('events').length === 0) {
    one.announce(room, 'e', [message((seq += 1))]);
    await two.link(roomKey('acme', `turn-${seq}`), new Heard()).ready;
  }
  assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);

  const away = Promise.all([connectedIs(one, false), connectedIs(two, false)]);
  await other.stop();
  await away;
  await other.startAgain();
  await Promise.all([connectedIs(one, true), connectedIs(two, true)]);
  one.announce(room, 'e', [message(1_000)]);
  await heard.until(() => heard.of('events').some(([, , seqs]) => seqs.includes(1_000)));

  assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);
  assert.deepEqual([...heard.of('left'), ...heard.of('lost')], []);
});
