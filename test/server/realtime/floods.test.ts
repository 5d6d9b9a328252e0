import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { SOCKET_PATH } from '../../../protocol/version.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { codeOf, Talker } from '../../support/talker.js';
import { draw, post } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const OPEN = { perSecond: 1e9, burst: 1e9 };
const body = post('x');

/** To draw a stroke of so many points. */
function strokeOf(points: number) {
  return draw(stroke({ points: 'CC'.repeat(points) }));
}

suite('rates', () => {
  test('of a person hold over all their connections, and for nobody else', { timeout: 90_000 }, async t => {
    const rate = { perSecond: 0.01, burst: 3 };
    const backend = await startBackend(t, { rates: { commands: rate, packets: OPEN } });
    const [one, other] = [
      await Talker.enter(backend, { person: 'eve' }),
      await Talker.enter(backend, { person: 'eve' }),
    ];
    const ann = await Talker.enter(backend, { person: 'ann' });
    const abroad = await Talker.enter(backend, { person: 'eve', site: 'globex' });
    for (const talker of [one, other, ann, abroad]) await talker.join('lobby');
    const post = (talker: Talker) => talker.ask('command', { room: 'lobby', id: newCommandId(), body });
    // Each node judges at once by what it knows: what another one lets through meanwhile is owed.
    const answers = await Promise.all([one, other, one, other, one, other].map(post));
    const owed = answers.filter(({ ok }) => ok).length - rate.burst;
    assert.ok(owed >= 0 && (owed === 0 || backend.nodes > 1), `${owed} too many`);
    // Nodes tell each other a few times a second, and the one that is the last to do so hears of
    // the sum. What is refused takes nothing.
    const wait = ((owed + 0.5) / rate.perSecond) * 1_000;
    let longest = 0;
    while (longest < wait) {
      const refused = [await post(one), await post(other)];
      assert.deepEqual(refused.map(codeOf), ['rate_limited', 'rate_limited']);
      longest = Math.max(...refused.map(answer => (answer.ok ? 0 : (answer.error.retryAfter ?? 0))));
    }
    await ann.post('lobby', 'hello');
    await abroad.post('lobby', 'hello');
  });

  test('are counted in size too', async t => {
    const backend = await startBackend(t, { rates: { commandSize: { perSecond: 1, burst: 5_000 } } });
    const eve = await Talker.enter(backend);
    await eve.join('lobby');
    await eve.post('lobby', 'x'.repeat(4_000));
    const more = post('x'.repeat(4_000));
    const refused = await eve.ask('command', { room: 'lobby', id: newCommandId(), body: more });
    assert.equal(codeOf(refused), 'person_bytes_limited');
    await eve.post('lobby', 'short');
  });

  test('are counted in points too, kept and live', async t => {
    const backend = await startBackend(t, { rates: { points: { perSecond: 1, burst: 10 } } });
    const eve = await Talker.enter(backend, { person: 'eve' });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const { handle } = await eve.join('lobby');
    await ann.join('lobby');
    eve.socket.emit('l', handle, ['ink', 'strokeE1', 'red', 2, 0, 0, 'CCCCCCCC']);
    await ann.frame(entry => entry[0] === 'ink');
    const refused = await eve.ask('command', { room: 'lobby', id: newCommandId(), body: strokeOf(7) });
    assert.equal(codeOf(refused), 'person_points_limited');
    assert.ok(!refused.ok && (refused.error.retryAfter ?? 0) <= 1_500);
    assert.ok((await eve.ask('command', { room: 'lobby', id: newCommandId(), body: strokeOf(6) })).ok);
    await eve.post('lobby', 'words have none');
  });

  test('tell the time after which all is there, and take nothing from who is refused', async t => {
    const clock = new ManualClock();
    const rates = { commands: { perSecond: 1, burst: 2 }, points: { perSecond: 1, burst: 10 } };
    const backend = await startBackend(t, { rates, clock });
    const eve = await Talker.enter(backend);
    await eve.join('lobby');
    const draw = async (points: number) =>
      eve.ask('command', { room: 'lobby', id: newCommandId(), body: strokeOf(points) });
    assert.ok((await draw(10)).ok);
    for (let time = 0; time < 3; time += 1) {
      const refused = await draw(5);
      assert.deepEqual(!refused.ok && [refused.error.code, refused.error.retryAfter], ['person_points_limited', 5_500]);
    }
    clock.advance(4_999);
    assert.equal(codeOf(await draw(5)), 'person_points_limited');
    clock.advance(501);
    assert.ok((await draw(5)).ok);
  });

  test('of a site are counted in bytes and points too', async t => {
    const backend = await startBackend(t, { limits: { bytesPerSecond: 5_000, pointsPerSecond: 1_000 } });
    // Another node is told a moment later.
    const enter = (person: string) => Talker.enter(backend, { person, node: 0 });
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    await ann.join('lobby');
    await bob.join('lobby');
    const id = newCommandId;
    assert.ok((await ann.ask('command', { room: 'lobby', id: id(), body: strokeOf(1_000) })).ok);
    assert.equal(
      codeOf(await bob.ask('command', { room: 'lobby', id: id(), body: strokeOf(900) })),
      'site_points_limited',
    );
    const long = post('x'.repeat(4_000));
    assert.equal(codeOf(await bob.ask('command', { room: 'lobby', id: id(), body: long })), 'site_bytes_limited');
    const abroad = await Talker.enter(backend, { site: 'globex' });
    await abroad.join('lobby');
    assert.ok((await abroad.ask('command', { room: 'lobby', id: id(), body: strokeOf(1_000) })).ok);
  });

  test('of a connection close it with their own code, and coming back at once refills nothing', async t => {
    const clock = new ManualClock();
    const backend = await startBackend(t, { rates: { packets: { perSecond: 1, burst: 20 } }, clock });
    const flood = async (talker: Talker) => {
      for (let sent = 0; sent < 20; sent += 1) talker.socket.emit('leave', { room: 'lobby' }, () => undefined);
      const bye = await talker.hears('bye');
      await talker.ended();
      return bye;
    };
    // A node does not know of the connections that somebody had to others.
    const enter = (person: string) => Talker.enter(backend, { person, node: 0 });
    const eve = await enter('eve');
    const { code, retryAfter } = await flood(eve);
    assert.deepEqual([code, retryAfter], ['connection_messages_limited', 20_000]);
    const again = await enter('eve');
    again.socket.emit('leave', { room: 'lobby' }, () => undefined);
    assert.equal((await again.hears('bye')).code, 'connection_messages_limited');
    await (await enter('ann')).join('lobby');
    clock.advance(20_000);
    const later = await enter('eve');
    for (let time = 0; time < 10; time += 1) await later.ask('leave', { room: 'lobby' });
  });

  test('of a connection are counted in points, taken or not', async t => {
    const rates = { points: { perSecond: 0.1, burst: 10 }, packetPoints: { perSecond: 0.1, burst: 30 } };
    const backend = await startBackend(t, { rates });
    const eve = await Talker.enter(backend, { person: 'eve' });
    await eve.join('lobby');
    for (let time = 0; time < 5; time += 1) {
      eve.socket.emit('command', { room: 'lobby', id: newCommandId(), body: strokeOf(8) }, () => undefined);
    }
    assert.equal((await eve.hears('bye')).code, 'connection_points_limited');
    await eve.ended();
  });

  test('of a site hold over all its people, and follow its limits', async t => {
    const backend = await startBackend(t, { limits: { commandsPerSecond: 1 } });
    const enter = (person: string) => Talker.enter(backend, { person, node: 0 });
    const [ann, bob] = [await enter('ann'), await enter('bob')];
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
  const reused = await one.ask('command', { ...order, body: post('y') });
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
