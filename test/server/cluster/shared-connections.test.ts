/** Connections that count over nodes, on a real Redis. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type { SharedConnections } from '../../../server/cluster/cluster.js';
import { CutProxy } from '../../support/cut-proxy.js';
import { PATIENCE, until } from '../../support/patience.js';
import { RedisServer, redisUrl } from '../../support/redis-server.js';
import { connectedIs, newPrefix, nodesOn, redisAt } from './nodes-on-redis.js';

/** Resolves when what the others have is as said. */
async function become(
  connections: SharedConnections,
  site: string,
  person: string,
  [ofSite, ofPerson]: readonly [number, number],
): Promise<void> {
  let seen = await connections.elsewhere(site, person);
  await until(
    PATIENCE,
    async () => {
      seen = await connections.elsewhere(site, person);
      return seen.ofSite === ofSite && seen.ofPerson === ofPerson;
    },
    () => `${seen.ofSite} of ${site} and ${seen.ofPerson} of ${person}, and not ${ofSite} and ${ofPerson}`,
  );
}

suite('connections to the other nodes', () => {
  test('are counted by site and by person, and this node’s own are not among them', async t => {
    const [one, other, third] = (await nodesOn(t, await redisUrl(t), 3)).map(({ connections }) => connections);
    assert.ok(one && other && third);
    one.came('acme', 'ann');
    other.came('acme', 'ann');
    other.came('acme', 'ann');
    other.came('acme', 'ben');
    other.came('globex', 'ann');
    await become(one, 'acme', 'ann', [3, 2]);
    await become(third, 'acme', 'ann', [4, 3]);
    await become(one, 'globex', 'ann', [1, 1]);
    await become(other, 'acme', 'ben', [1, 0]);
    other.left('acme', 'ann');
    await become(one, 'acme', 'ann', [2, 1]);
    other.left('acme', 'ann');
    await become(one, 'acme', 'ann', [1, 0]);
    other.left('acme', 'ben');
    await become(one, 'acme', 'ann', [0, 0]);
    await become(third, 'acme', 'ann', [1, 1]);
  });

  test('of a node that is lost count no more, and count again when it is there again', async t => {
    const url = await redisUrl(t);
    const network = await CutProxy.before(t, url);
    const [one, other] = await nodesOn(t, url, 2, { urls: [url, network.urlOf(url)] });
    other.connections.came('acme', 'ann');
    await become(one.connections, 'acme', 'ann', [1, 1]);
    network.cut();
    await become(one.connections, 'acme', 'ann', [0, 0]);
    other.connections.came('acme', 'ben');
    other.connections.left('acme', 'ann');
    network.mend();
    await become(one.connections, 'acme', 'ann', [1, 0]);
  });

  test('are told anew to a Redis that has forgotten everything', async t => {
    const server = await RedisServer.start();
    t.after(() => server.close());
    const [one, other] = await nodesOn(t, server.url, 2);
    for (let count = 0; count < 2_500; count += 1) other.connections.came('acme', `person-${count}`);
    await become(one.connections, 'acme', 'person-7', [2_500, 1]);
    await server.stop();
    await Promise.all([connectedIs(one, false), connectedIs(other, false)]);
    // Nobody knows, and nobody is turned away for it.
    assert.deepEqual(await one.connections.elsewhere('acme', 'person-7'), { ofSite: 0, ofPerson: 0 });
    await server.startAgain();
    await become(one.connections, 'acme', 'person-2499', [2_500, 1]);
  });

  test('leave nothing behind in Redis', async (t: TestContext) => {
    const [url, prefix] = [await redisUrl(t), newPrefix()];
    const [one, other] = await nodesOn(t, url, 2, { prefix });
    const redis = await redisAt(t, url);
    const keys = async () => [await redis.call('KEYS', `${prefix}:*:connections:*`)].flat().length;
    other.connections.came('acme', 'ann');
    await become(one.connections, 'acme', 'ann', [1, 1]);
    assert.equal(await keys(), 1);
    other.connections.left('acme', 'ann');
    await until(
      PATIENCE,
      async () => (await keys()) === 0,
      () => 'what nobody has any more is kept',
    );
  });
});
