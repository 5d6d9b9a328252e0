/**
 * A node that lives, and that the others have taken for lost: whatever they dropped and deleted is
 * told and written anew.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { writePeer } from '../../../server/cluster/redis/redis-message.js';
import { RedisNames } from '../../../server/cluster/redis/redis-keyspace.js';
import { redisUrl } from '../../support/redis-server.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, peer } from './heard.js';
import { connectedIs, newPrefix, nodesOn, type NodesOptions, redisAt } from './nodes-on-redis.js';

const ROOM = roomKey('acme', 'algebra');

/** A node with Ada in a room, which the others know of, and a Redis to do to it what they would. */
async function nodeWithAda(t: TestContext, times: NodesOptions['times']) {
  const url = await redisUrl(t);
  const prefix = newPrefix();
  const [node] = await nodesOn(t, url, 1, { prefix, times });
  const here = node.link(ROOM, new Heard());
  here.came([peer(1, 'Ada')]);
  await here.ready;
  return { node, names: new RedisNames(prefix), redis: await redisAt(t, url) };
}

test(
  'a node that was taken for lost tells of its people anew, even where it shows by linking a room that it lives',
  { timeout: 90_000 },
  async t => {
    // Long enough for the room to be linked before.
    const { node, names, redis } = await nodeWithAda(t, { beat: 1_000, lostAfter: 10_000 });
    const back = connectedIs(node, false).then(() => connectedIs(node, true));

    // As another node leaves it that has taken this one for lost.
    const living = names.of('nodes', 'living').text;
    await redis.call('ZREM', living, node.node);
    await redis.call('DEL', names.of('here', ROOM).text);
    // It is not known whether a node lives of which something is read: that is asked at once.
    const other = roomKey('acme', 'biology');
    await redis.call('HSET', names.of('here', other).text, 'unknown/1', writePeer(peer(1, 'Bob')));
    await node.link(other, new Heard()).ready;
    assert.notEqual(await redis.call('ZSCORE', living, node.node), null, 'it has shown that it lives');
    await back;

    assert.equal(await redis.call('HLEN', names.of('here', ROOM).text), 1);
  },
);

test(
  'what another node takes out late, which took this one for lost, is written once more',
  { timeout: 90_000 },
  async t => {
    const { node, names, redis } = await nodeWithAda(t, { beat: 500 });
    const back = connectedIs(node, false).then(() => connectedIs(node, true));
    await redis.call('ZREM', names.of('nodes', 'living').text, node.node);
    await back;

    const key = names.of('here', ROOM).text;
    assert.equal(await redis.call('DEL', key), 1);
    while ((await redis.call('HLEN', key)) === 0) await redis.ping();
  },
);
