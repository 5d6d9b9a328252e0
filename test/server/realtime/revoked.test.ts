import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { RefusalCode } from '../../../protocol/errors.js';
import { type Backend, type ConnectRequest, startBackend } from '../../support/backend.js';
import { promised } from '../../support/effort.js';
import { ManualClock } from '../../support/manual-clock.js';
import { PATIENCE, until } from '../../support/patience.js';
import { codeOf, Talker } from '../../support/talker.js';
import { ask, codeOf as codeOfAnswer } from '../http/asking.js';

/** What a page asks with its token over HTTP. */
const DOORS = ['rooms/open-hall/snapshot', 'rooms/open-hall/messages?before=9', 'check?protocol=1&room=open-hall'];

/** What becomes of a connection with this token. */
function comesIn(backend: Backend, request: ConnectRequest): Promise<string> {
  const socket = backend.connect(request);
  return new Promise<string>(resolve => {
    socket.once('connect', () => resolve('in'));
    socket.once('connect_error', fault =>
      resolve('data' in fault ? (fault.data as { code: string }).code : fault.message),
    );
  }).finally(() => socket.disconnect());
}

/** What is answered to a token at every door, each answer once. */
async function everywhere(backend: Backend, token: string, site = 'acme'): Promise<readonly string[]> {
  const asked = DOORS.map(async door => (await codeOfAnswer(await ask(backend, `${site}/${door}`, { token }))) ?? 'in');
  const websocket = comesIn(backend, { site, token });
  const polling = comesIn(backend, { site, token, transports: ['polling'] });
  return [...new Set(await Promise.all([...asked, websocket, polling]))];
}

/**
 * Is told the reason and cut off, all within a second of what brings it about. Where time stands,
 * no look at the clock that would have come by and by can be the cause of it.
 */
async function isOut(talker: Talker, cause: Promise<unknown>): Promise<RefusalCode> {
  const start = performance.now();
  const [{ code }] = await Promise.all([talker.hears('bye'), talker.ended(), cause]);
  const took = performance.now() - start;
  assert.ok(took < promised(1_000), `${took} ms`);
  return code;
}

function askGuest(backend: Backend, previous?: string): Promise<Response> {
  return ask(backend, 'acme/guests', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Zoe', room: 'open-hall', ...(previous !== undefined && { previous }) }),
  });
}

suite('a person who is revoked', () => {
  for (const transport of ['websocket', 'polling'] as const) {
    test(`is out at once over ${transport}, on every connection, and nobody else is`, async t => {
      const clock = new ManualClock();
      const backend = await startBackend(t, { clock });
      const enter = (person: string, site = 'acme') => Talker.enter(backend, { person, site, transports: [transport] });
      const [ann, annToo, bob, elsewhere] = [
        await enter('ann'),
        await enter('ann'),
        await enter('bob'),
        await enter('ann', 'globex'),
      ];
      for (const talker of [ann, annToo, bob, elsewhere]) await talker.join('lobby');
      await ann.post('lobby', 'said while it was allowed');
      const revoked = backend.app.sites.revocations.revoke('acme', 'person', 'ann');
      assert.equal(await isOut(ann, revoked), 'person_revoked');
      assert.equal(await isOut(annToo, revoked), 'person_revoked');
      let isTold = false;
      void bob
        .hears('presence', ({ left }) => left.some(peer => bob.who('lobby', peer) === 'ann'))
        .then(() => (isTold = true));
      // Who came and went is told from time to time.
      const timePasses = () => {
        clock.advance(100);
        return isTold;
      };
      await until(PATIENCE, timePasses, () => 'bob is not told that she left');
      await bob.post('lobby', 'still here');
      await elsewhere.post('lobby', 'still here too');
    });
  }

  test('stays out by every door, with every token, over a start, until allowed', async t => {
    const backend = await startBackend(t);
    const token = await backend.token({ person: 'ann', claims: { jti: 'old' } });
    assert.deepEqual(await everywhere(backend, token), ['in']);
    await backend.app.sites.revocations.revoke('acme', 'person', 'ann');
    const tokens = [
      token,
      await backend.token({ person: 'ann', claims: { jti: 'new' } }),
      await backend.token({ person: 'ann', forServers: true, rooms: { '*': 'moderator' } }),
    ];
    for (const one of tokens) assert.deepEqual(await everywhere(backend, one), ['person_revoked']);
    await backend.restart();
    for (const one of tokens) assert.deepEqual(await everywhere(backend, one), ['person_revoked']);
    assert.deepEqual(await everywhere(backend, await backend.token({ person: 'bob' })), ['in']);
    assert.deepEqual(await everywhere(backend, await backend.token({ person: 'ann', site: 'globex' }), 'globex'), [
      'in',
    ]);
    await backend.app.sites.revocations.allow('acme', 'person', 'ann');
    for (const one of tokens) assert.deepEqual(await everywhere(backend, one), ['in']);
  });

  test('until a time comes in again when that is over, without a start', async t => {
    const clock = new ManualClock();
    const backend = await startBackend(t, { clock });
    const token = await backend.token({ person: 'ann' });
    await backend.app.sites.revocations.revoke('acme', 'person', 'ann', clock.now() + 60_000);
    clock.advance(59_000);
    assert.deepEqual(await everywhere(backend, token), ['person_revoked']);
    clock.advance(1_000);
    assert.deepEqual(await everywhere(backend, token), ['in']);
  });

  test('as a guest gets no new token either, and is nobody new in the same browser', async t => {
    const backend = await startBackend(t, { clock: new ManualClock() });
    const { token } = (await (await askGuest(backend)).json()) as { token: string };
    const zoe = new Talker(backend.connect({ token }));
    await zoe.hears('welcome');
    const { you } = await zoe.join('open-hall');
    const revoked = backend.app.sites.revocations.revoke('acme', 'person', you.person.id);
    assert.equal(await isOut(zoe, revoked), 'person_revoked');
    assert.deepEqual(await everywhere(backend, token), ['person_revoked']);
    assert.equal(await codeOfAnswer(await askGuest(backend, token)), 'person_revoked');
    assert.equal(await codeOfAnswer(await askGuest(backend)), undefined, 'others may come');
    await backend.app.sites.revocations.allow('acme', 'person', you.person.id);
    assert.equal(await codeOfAnswer(await askGuest(backend, token)), undefined);
  });
});

suite('a token that is revoked', () => {
  test('puts out who came with it, and not who goes on with another one', async t => {
    const backend = await startBackend(t, { clock: new ManualClock() });
    const tokenOf = (jti: string) => backend.token({ person: 'ann', claims: { jti } });
    const [first, second] = [await tokenOf('1'), await tokenOf('2')];
    const enter = async (token: string) => {
      const talker = new Talker(backend.connect({ token }));
      await talker.hears('welcome');
      return talker;
    };
    const [stays, moves, leaves] = [await enter(second), await enter(first), await enter(first)];
    assert.equal(codeOf(await moves.ask('refresh', { token: second })), undefined);
    const revoked = backend.app.sites.revocations.revoke('acme', 'token', '1');
    assert.equal(await isOut(leaves, revoked), 'token_revoked');
    for (const talker of [stays, moves]) {
      await talker.join('lobby');
      assert.equal(codeOf(await talker.ask('refresh', { token: first })), 'token_revoked');
      await talker.post('lobby', 'still here');
    }
    assert.deepEqual(await everywhere(backend, first), ['token_revoked']);
    await backend.restart();
    assert.deepEqual(await everywhere(backend, first), ['token_revoked']);
    assert.deepEqual(await everywhere(backend, second), ['in']);
  });

  test('that a connection has now is what counts, not the one that it came with', async t => {
    const backend = await startBackend(t, { clock: new ManualClock() });
    const ann = await Talker.enter(backend, { person: 'ann', claims: { jti: '1' } });
    const token = await backend.token({ person: 'ann', claims: { jti: '2' } });
    assert.equal(codeOf(await ann.ask('refresh', { token })), undefined);
    assert.equal(await isOut(ann, backend.app.sites.revocations.revoke('acme', 'token', '2')), 'token_revoked');
  });
});
