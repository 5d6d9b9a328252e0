/** Limits hold for somebody who spreads over several nodes. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { Cluster } from '../../../server/cluster/cluster.js';
import { meddling } from '../../support/meddling.js';
import { PATIENCE, until } from '../../support/patience.js';
import { codeOf, Talker } from '../../support/talker.js';
import { newSiteKey, signToken } from '../../support/tokens.js';
import { type GroupedNode, LOST_AFTER, type NodeGroupOptions, SITE, startGroup } from '../many-nodes/node-group.js';
import { post } from '../../support/commands.js';

async function pair(t: TestContext, options?: NodeGroupOptions): Promise<readonly [GroupedNode, GroupedNode]> {
  const [one, other] = await startGroup(t, options);
  return [one ?? assert.fail(), other ?? assert.fail()];
}

/** Says something; the code of the refusal, if it was refused. */
async function says(talker: Talker, room: string): Promise<string | undefined> {
  const body = post('hello');
  return codeOf(await talker.ask('command', { room, id: newCommandId(), body }));
}

/** Says things until that is refused. @returns how many were taken */
async function saysAll(talker: Talker, room: string): Promise<number> {
  for (let taken = 0; ; taken += 1) if ((await says(talker, room)) !== undefined) return taken;
}

/** So slow that nothing comes back while a test runs. */
const slow = (burst: number) => ({ perSecond: 0.001, burst });

suite('somebody on two nodes', () => {
  test('has one budget: what they used up on one is not there on the other', async t => {
    const nodes = await pair(t, { rates: { commands: slow(40) } });
    const [here, there] = [await nodes[0].enter({ person: 'ann' }), await nodes[1].enter({ person: 'ann' })];
    await Promise.all([here.join('lobby'), there.join('lobby')]);
    assert.equal(await saysAll(here, 'lobby'), 40);
    // Each asks at once what is left for somebody of whom it knows nothing, and is told before much
    // more is taken.
    const more = await saysAll(there, 'lobby');
    assert.ok(more < 40, `${more}`);
    const ben = await nodes[1].enter({ person: 'ben' });
    await ben.join('lobby');
    assert.equal(await says(ben, 'lobby'), undefined);
  });

  test('goes on by the budgets of each where Redis is away from both', async t => {
    const nodes = await pair(t, { rates: { orders: slow(20) } });
    const [here, there] = [await nodes[0].enter({ person: 'ann' }), await nodes[1].enter({ person: 'ann' })];
    for (const { network } of nodes) network.cut();
    for (const talker of [here, there]) {
      for (let count = 0; count < 20; count += 1) await talker.ask('leave', { room: 'lobby' });
      assert.equal(codeOf(await talker.ask('leave', { room: 'lobby' })), 'rate_limited');
    }
  });

  test('has no more connections than on one, until the other is lost', async t => {
    const [one, other] = await pair(t);
    const token = await one.token({ person: 'ann' });
    for (let count = 0; count < LIMITS.connectionsPerPerson; count += 1) await one.enter({ person: 'ann' });
    const knock = async () => (await new Talker(other.connect(token)).refused())?.code;
    assert.equal(await knock(), 'too_many_connections');
    await other.enter({ person: 'ben' });
    one.network.swallow();
    const isIn = async () => (await answer(new Talker(other.connect(token)))) === undefined;
    await until(LOST_AFTER + PATIENCE, isIn, () => 'connections of a node that is lost still count');
  });
});

/** Undefined where they are let in, else why not. */
async function answer(talker: Talker): Promise<string | undefined> {
  return Promise.race([talker.hears('welcome').then(() => undefined), talker.refused().then(refusal => refusal?.code)]);
}

test('a site has no more connections than its limit over all nodes, however many are answered at once', async t => {
  let asked = 0;
  let answerAll = () => {};
  const answered = new Promise<void>(resolve => (answerAll = resolve));
  const together = (cluster: Cluster): Cluster =>
    meddling(cluster, {
      connections: {
        came: (...connection) => cluster.connections.came(...connection),
        left: (...connection) => cluster.connections.left(...connection),
        async elsewhere(...connection) {
          asked += 1;
          if (asked === 30) answerAll();
          await answered;
          return cluster.connections.elsewhere(...connection);
        },
      },
    });
  const [one, other] = await pair(t, { limits: { connections: 20 }, between: together });
  const comes = async (node: GroupedNode, person: string) =>
    answer(new Talker(node.connect(await node.token({ person }))));
  const all = await Promise.all(Array.from({ length: 30 }, (_, index) => comes(one, `person-${index}`)));
  assert.equal(all.filter(code => code === undefined).length, 20);
  assert.equal(await comes(other, 'late'), 'too_many_connections');
});

test('tokens that are no good are counted over nodes', async t => {
  const [one, other] = await pair(t, { rates: { failures: slow(10) } });
  const { key, signer } = newSiteKey(SITE);
  const [{ kid } = assert.fail()] = await one.app.sites.keyRecords(SITE);
  const forged = await signToken({ key: { ...key, kid }, signer }, { person: 'eve' });
  const knock = async (node: GroupedNode) => (await new Talker(node.connect(forged)).refused())?.code;
  for (let count = 0; count < 10; count += 1) assert.equal(await knock(one), 'token_invalid');
  assert.equal(await knock(one), 'rate_limited');
  let more = 0;
  while ((await knock(other)) === 'token_invalid') more += 1;
  assert.ok(more < 10, `${more}`);
});
