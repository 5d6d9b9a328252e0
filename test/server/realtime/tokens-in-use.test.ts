import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { codeOf, Talker } from '../../support/talker.js';
import { post } from '../../support/commands.js';

suite('the end of a token', () => {
  test('is said, and is the end of the connection', async t => {
    const clock = new ManualClock();
    const backend = await startBackend(t, { clock });
    const ann = await Talker.enter(backend, { lifetime: 60 });
    await ann.join('lobby');
    clock.advance(59_000);
    assert.equal(codeOf(await ann.ask('read', { room: 'lobby', seq: 0 })), undefined);
    clock.advance(10_000);
    assert.equal((await ann.hears('bye')).code, 'token_expired');
    await ann.ended();
  });

  test('is put off by a new token, with nothing else changed', async t => {
    const clock = new ManualClock();
    const backend = await startBackend(t, { clock });
    const ann = await Talker.enter(backend, { lifetime: 60 });
    await ann.join('lobby');
    const answer = await ann.ask('refresh', { token: await backend.token({ lifetime: 600 }) });
    assert.ok(answer.ok && answer.expires > clock.now() + 500_000);
    clock.advance(120_000);
    await ann.post('lobby', 'still here');
    assert.deepEqual(ann.unasked('role'), []);
    clock.advance(600_000);
    assert.equal((await ann.hears('bye')).code, 'token_expired');
  });
});

suite('a new token', () => {
  test('may not be of another person, another site, or forged; the old one then still holds', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    await ann.join('lobby');
    const refresh = async (token: string) => codeOf(await ann.ask('refresh', { token }));
    assert.equal(await refresh(await backend.token({ person: 'bob' })), 'token_person_changed');
    assert.equal(await refresh(await backend.token({ person: 'ann', site: 'globex' })), 'token_invalid');
    assert.equal(await refresh(await backend.token({ person: 'ann', lifetime: -60 })), 'token_expired');
    assert.equal(await refresh('hello'), 'token_invalid');
    await ann.post('lobby', 'still here');
  });

  test('that names fewer rooms takes the others away at once', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann', rooms: { lobby: 'member', attic: 'member' } });
    const bob = await Talker.enter(backend, { person: 'bob' });
    await ann.join('lobby');
    await ann.join('attic');
    await bob.join('attic');
    const token = await backend.token({ person: 'ann', rooms: { lobby: 'viewer' } });
    assert.equal(codeOf(await ann.ask('refresh', { token })), undefined);
    assert.deepEqual(await ann.hears('role', ({ room }) => room === 'attic'), { room: 'attic', role: null });
    assert.deepEqual(await ann.hears('role', ({ room }) => room === 'lobby'), { room: 'lobby', role: 'viewer' });

    const body = post('x');
    const says = async (room: string) => codeOf(await ann.ask('command', { room, id: 'a'.repeat(16), body }));
    assert.equal(await says('attic'), 'not_joined');
    assert.equal(await says('lobby'), 'role_forbidden');
    assert.equal(codeOf(await ann.ask('join', { room: 'attic' })), 'room_forbidden');
    const { left } = await bob.hears('presence', fact => fact.left.length > 0);
    assert.deepEqual(
      left.map(peer => bob.who('attic', peer)),
      ['ann'],
    );
    await bob.post('attic', 'not for ann');
    await bob.hears('events');
    assert.deepEqual(ann.unasked('events'), []);
  });

  test('with another name or role is seen by the others', async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob' });
    await ann.join('lobby');
    await bob.join('lobby');
    const token = await backend.token({ person: 'ann', name: 'Ann Lee', rooms: { lobby: 'moderator' } });
    assert.equal(codeOf(await ann.ask('refresh', { token })), undefined);
    const { came } = await bob.hears('presence', fact => fact.came.some(({ role }) => role === 'moderator'));
    assert.deepEqual(
      came.filter(({ person }) => person.id === 'ann').map(({ person, role }) => [person.name, role]),
      [['Ann Lee', 'moderator']],
    );
  });
});

test('who came with a key that is revoked is out at once, and does not come back', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend);
  const bob = await Talker.enter(backend, { forServers: true });
  const keys = backend.keys.get('acme') ?? assert.fail();
  const token = await backend.token();
  await backend.app.sites.revokeKey('acme', keys.page.key.kid);
  assert.equal((await ann.hears('bye')).code, 'token_invalid');
  await ann.ended();
  assert.equal((await new Talker(backend.connect({ token })).refused())?.code, 'token_invalid');
  assert.ok(bob.socket.connected);
});

test("a guest loses what the site's rules no longer give", async t => {
  const backend = await startBackend(t, { guests: { lobby: 'member', attic: 'member' } });
  const answer = await fetch(`${backend.url}/v1/sites/acme/guests`, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Zoe', room: 'lobby' }),
  });
  const { token } = (await answer.json()) as { token: string };
  const zoe = new Talker(backend.connect({ token }));
  await zoe.hears('welcome');
  assert.equal((await zoe.join('lobby')).you.person.guest, true);
  await zoe.join('attic');
  const acme = backend.app.sites.site('acme') ?? assert.fail();
  await backend.app.sites.putSite({ ...acme, guests: { lobby: 'viewer' } });
  assert.deepEqual(await zoe.hears('role', ({ room }) => room === 'attic'), { room: 'attic', role: null });
  assert.deepEqual(await zoe.hears('role', ({ room }) => room === 'lobby'), { room: 'lobby', role: 'viewer' });
});

test('who is at a site that is removed is out at once, and only they', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const cay = await Talker.enter(backend, { site: 'globex', person: 'cay' });
  await ann.join('lobby');
  await cay.join('lobby');
  await ann.post('lobby', 'hello');
  await backend.app.sites.removeSite('acme');
  assert.equal((await ann.hears('bye')).code, 'site_unknown');
  await ann.ended();
  await cay.post('lobby', 'still here');
});
