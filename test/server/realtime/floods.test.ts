import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { SOCKET_PATH } from '../../../protocol/version.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';

const body = { type: 'message.post', text: 'x' } as const;

suite('rates', () => {
  test('of a person hold over all their connections, and for nobody else', async t => {
    const backend = await startBackend(t, { rates: { commands: { perSecond: 0.1, burst: 3 } } });
    const [one, other] = [
      await Talker.enter(backend, { person: 'eve' }),
      await Talker.enter(backend, { person: 'eve' }),
    ];
    const ann = await Talker.enter(backend, { person: 'ann' });
    const abroad = await Talker.enter(backend, { person: 'eve', site: 'globex' });
    for (const talker of [one, other, ann, abroad]) await talker.join('lobby');
    await one.post('lobby', '1');
    await one.post('lobby', '2');
    await other.post('lobby', '3');
    const refused = await one.ask('command', { room: 'lobby', id: newCommandId(), body });
    assert.equal(codeOf(refused), 'rate_limited');
    assert.ok(!refused.ok && (refused.error.retryAfter ?? 0) > 0);
    await ann.post('lobby', 'hello');
    await abroad.post('lobby', 'hello');
  });

  test('are counted in size too', async t => {
    const backend = await startBackend(t, { rates: { commandSize: { perSecond: 1, burst: 5_000 } } });
    const eve = await Talker.enter(backend);
    await eve.join('lobby');
    await eve.post('lobby', 'x'.repeat(4_000));
    const more = { type: 'message.post', text: 'x'.repeat(4_000) } as const;
    const refused = await eve.ask('command', { room: 'lobby', id: newCommandId(), body: more });
    assert.equal(codeOf(refused), 'person_bytes_limited');
    await eve.post('lobby', 'short');
  });

  test('of a site hold over all its people, and follow its limits', async t => {
    const backend = await startBackend(t, { limits: { commandsPerSecond: 1 } });
    const [ann, bob] = [await Talker.enter(backend, { person: 'ann' }), await Talker.enter(backend, { person: 'bob' })];
    await ann.join('lobby');
    await bob.join('lobby');
    await ann.post('lobby', '1');
    assert.equal(
      codeOf(await bob.ask('command', { room: 'lobby', id: newCommandId(), body })),
      'site_messages_limited',
    );
    const acme = backend.app.sites.site('acme') ?? assert.fail();
    await backend.app.sites.putSite({ ...acme, limits: { ...acme.limits, commandsPerSecond: 100 } });
    await bob.post('lobby', '2');
  });

  test('hold for orders of every kind', async t => {
    const backend = await startBackend(t, { rates: { orders: { perSecond: 0.1, burst: 2 } } });
    const eve = await Talker.enter(backend);
    await eve.join('lobby');
    await eve.join('lobby');
    for (const [name, order] of [
      ['join', { room: 'attic' }],
      ['read', { room: 'lobby', seq: 1 }],
      ['catchup', { room: 'lobby', after: { epoch: 'x', seq: 0 } }],
      ['refresh', { token: 'x' }],
      ['leave', { room: 'lobby' }],
      ['join', 'nonsense'],
    ] as const) {
      assert.equal(codeOf(await eve.askAnything(name, order)), 'rate_limited', name);
    }
  });

  test('of live frames: what is too much is dropped, and who goes on is shown out', async t => {
    const rates = { live: { perSecond: 0.1, burst: 2 }, liveExcess: { perSecond: 0.1, burst: 3 } };
    const backend = await startBackend(t, { rates });
    const eve = await Talker.enter(backend, { person: 'eve' });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const { handle } = await eve.join('lobby');
    await ann.join('lobby');
    for (let x = 0; x < 5; x += 1) eve.socket.emit('l', handle, ['at', x, 0]);
    await ann.frame(entry => entry[0] === 'at' && entry[1] === 1);
    // Joining is answered after the five were judged.
    await eve.join('lobby');
    assert.deepEqual(
      ann.unasked('f').filter(([, , entry]) => JSON.stringify(entry) !== '["at",0,0]'),
      [],
    );
    eve.socket.emit('l', handle, ['at', 9, 9]);
    assert.equal((await eve.hears('bye')).code, 'rate_limited');
    await eve.ended();
    assert.ok(ann.socket.connected);
  });
});

test('the same command sent many times at once is one event', async t => {
  const backend = await startBackend(t);
  const [one, other] = [await Talker.enter(backend, { person: 'ann' }), await Talker.enter(backend, { person: 'ann' })];
  await one.join('lobby');
  await other.join('lobby');
  const order = { room: 'lobby', id: newCommandId(), body };
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).ask('command', order)),
  );
  assert.equal(new Set(answers.map(answer => (answer.ok ? answer.seq : answer.error.code))).size, 1);
  const reused = await one.ask('command', { ...order, body: { type: 'message.post', text: 'y' } });
  assert.equal(codeOf(reused), 'command_id_reused');
});

test('a connection that asks to be let in again and again is closed', async t => {
  const backend = await startBackend(t);
  const url = `${backend.url}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;
  const headers = { origin: ORIGIN };
  const opened = await fetch(url, { headers });
  const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
  const connect = '40/v1,{"token":"hello","protocol":1}';
  // Packets of one request are told apart by a record separator.
  await fetch(`${url}&sid=${sid}`, { method: 'POST', headers, body: Array(20).fill(connect).join('\x1e') });
  let answers = '';
  for (let status = 200; status === 200;) {
    const poll = await fetch(`${url}&sid=${sid}`, { headers });
    status = poll.status;
    answers += await poll.text();
  }
  assert.ok(answers.split('token_invalid').length <= 6, answers);
});
