import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { openRedis } from '../../../server/cluster/redis/open-redis.js';
import { RedisError } from '../../../server/cluster/redis/redis-server-link.js';
import { RedisNames } from '../../../server/cluster/redis/redis-keyspace.js';
import { createLog } from '../../../server/log.js';
import { freePort } from '../../support/programs.js';
import { RedisServer } from '../../support/redis-server.js';
import { roomKey } from '../../support/room-key.js';
import { Heard, peer } from './heard.js';
import { connectedIs, newPrefix, nodesOn, redisAt } from './nodes-on-redis.js';

const PASSWORD = 'a-long-secret-of-redis';

async function redisWith(t: TestContext, ...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(settings);
  t.after(() => server.close());
  return server;
}

/** Opens what can't be opened. @returns what is said of it, and everything that was logged */
async function refusal(url: string): Promise<{ readonly fault: RedisError; readonly logged: string }> {
  let logged = '';
  const log = createLog('trace', { write: line => (logged += line) });
  const fault = await openRedis({ url, log, times: { startWithin: 1_000 } }).then(
    () => assert.fail('it was opened'),
    (thrown: unknown) => thrown,
  );
  assert.ok(fault instanceof RedisError);
  return { fault, logged };
}

test('a password is said to Redis, and nobody else: what fails later names it in no log', async t => {
  const server = await redisWith(t, '--requirepass', PASSWORD);
  const url = server.url.replace('//', `//:${PASSWORD}@`);
  let logged = '';
  const log = createLog('trace', { write: line => (logged += line) });
  const [one] = await nodesOn(t, url, 1, { log });

  const away = connectedIs(one, false);
  await server.stop();
  await away;
  await server.startAgain();
  await connectedIs(one, true);

  assert.match(logged, /redis is away/);
  assert.match(logged, /redis is there again/);
  assert.ok(!logged.includes(PASSWORD) && !logged.includes('redis://'), logged);
});

test('a wrong password, or none, is refused at once, and is not repeated', async t => {
  const server = await redisWith(t, '--requirepass', PASSWORD);
  for (const who of [':a-wrong-secret-of-redis@', '']) {
    const { fault, logged } = await refusal(server.url.replace('//', `//${who}`));
    assert.match(fault.message, /^(?:WRONGPASS|NOAUTH)/);
    assert.ok(fault.isFinal);
    assert.ok(!`${fault.message}${JSON.stringify(fault)}${logged}`.includes('a-wrong-secret'), logged);
  }
});

test('a Redis that is not there is tried for a while, and then named by its address', async () => {
  const port = await freePort();
  const { fault } = await refusal(`redis://:${PASSWORD}@127.0.0.1:${port}`);
  assert.equal(fault.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
  assert.equal(fault.isFinal, false);
});

test('a Redis that takes connections and says nothing is left, and so is one that begins so', async t => {
  const server = await redisWith(t);
  const { pid } = server;
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  const opening = openRedis({
    url: server.url,
    log: createLog('silent'),
    times: { pulse: { every: 100, within: 300 } },
  });
  await assert.rejects(
    openRedis({
      url: server.url,
      log: createLog('silent'),
      times: { startWithin: 700, pulse: { every: 100, within: 300 } },
    }),
    { message: 'it does not answer' },
  );
  process.kill(pid, 'SIGCONT');
  const node = await opening;
  assert.equal(node.connected, true);
  await node.close();
});

test('an address that says whether it is a cluster, and is wrong, is refused with what to write', async t => {
  const [single, clustered] = await Promise.all([redisWith(t), redisWith(t, '--cluster-enabled', 'yes')]);

  const one = await refusal(clustered.url);
  assert.equal(one.fault.message, 'this is a Redis Cluster: its address begins with redis-cluster://');
  const other = await refusal(single.url.replace('redis:', 'redis-cluster:'));
  assert.match(other.fault.message, /cluster support disabled/);
  assert.ok(one.fault.isFinal && other.fault.isFinal);
  assert.match((await refusal('https://example.org')).fault.message, /no address of a Redis/);
});

test('a number of a database is used', async t => {
  const server = await redisWith(t);
  const prefix = newPrefix();
  const [one] = await nodesOn(t, `${server.url}/3`, 1, { prefix });
  const room = roomKey('acme', 'algebra');
  const link = one.link(room, new Heard());
  link.came([peer(1, 'Ada')]);
  await link.ready;

  const [two] = await nodesOn(t, `${server.url}/3`, 1, { prefix });
  const heard = new Heard();
  await two.link(room, heard).ready;
  assert.deepEqual(heard.people, [`${one.node}/1 Ada`]);
});

test('the parts of names lie evenly over the slots of a Redis Cluster', async t => {
  const server = await redisWith(t, '--cluster-enabled', 'yes');
  const redis = await redisAt(t, server.url);
  const names = new RedisNames('chalk-talk');
  const thirds = [0, 0, 0];
  for (let room = 0; room < 3_000; room += 1) {
    const slot = Number(await redis.call('CLUSTER', 'KEYSLOT', names.of('room', `acme/room-${room}`).text));
    const third = Math.floor((slot * 3) / 16_384);
    thirds[third] = (thirds[third] ?? 0) + 1;
  }
  for (const count of thirds) assert.ok(count > 800 && count < 1_200, thirds.join());
});
