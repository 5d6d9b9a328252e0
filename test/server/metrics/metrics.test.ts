import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';

/** The value of one line of Prometheus' text format; 0 where there is none. */
async function valueOf(metrics: Metrics, series: string): Promise<number> {
  const { body } = await metrics.render();
  const line = body.split('\n').find(text => text.startsWith(`${series} `));
  return line ? Number(line.slice(series.length + 1)) : 0;
}

suite('what people do is counted', () => {
  test('commands by kind and outcome, turns, commits, and who was told', async t => {
    const metrics = new Metrics();
    const backend = await startBackend(t, { metrics });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const eve = await Talker.enter(backend, { person: 'eve', rooms: { lobby: 'viewer' } });
    await ann.join('lobby');
    await eve.join('lobby');
    await ann.post('lobby', 'hello');
    await ann.post('lobby', 'again');
    await eve.ask('command', { room: 'lobby', id: newCommandId(), body: { type: 'board.clear' } });

    const commands = 'chalk_talk_commands_total';
    assert.equal(await valueOf(metrics, `${commands}{type="message.post",outcome="accepted"}`), 2);
    assert.equal(await valueOf(metrics, `${commands}{type="board.clear",outcome="refused"}`), 1);
    assert.equal(await valueOf(metrics, 'chalk_talk_refusals_total{code="role_forbidden",of="order"}'), 1);
    assert.equal(await valueOf(metrics, 'chalk_talk_command_seconds_count'), 3);
    // Ann came to be an author with her first message: three events, each told to two.
    assert.equal(await valueOf(metrics, 'chalk_talk_events_total'), 3);
    assert.equal(await valueOf(metrics, 'chalk_talk_event_deliveries_total'), 6);
    assert.equal(await valueOf(metrics, 'chalk_talk_turn_seconds_count'), 3);
    assert.ok((await valueOf(metrics, 'chalk_talk_commit_seconds_count')) >= 2);
    assert.equal(await valueOf(metrics, 'chalk_talk_connections_total{transport="websocket"}'), 2);
  });

  test('who is not let in, by why', async t => {
    const metrics = new Metrics();
    const backend = await startBackend(t, { metrics });
    const stranger = new Talker(backend.connect({ token: 'nonsense' }));
    await stranger.refused();
    assert.equal(await valueOf(metrics, 'chalk_talk_refusals_total{code="token_invalid",of="connect"}'), 1);
  });

  test('live frames, once for all of a room', async t => {
    const metrics = new Metrics();
    const backend = await startBackend(t, { metrics });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob' });
    const { handle } = await ann.join('lobby');
    await bob.join('lobby');
    ann.socket.emit('l', handle, ['at', 1, 1]);
    await bob.frame();
    assert.equal(await valueOf(metrics, 'chalk_talk_live_frames_total'), 1);
  });
});

test('only so many sites have figures of their own: the largest', async () => {
  const metrics = new Metrics();
  const connections = new Map(Array.from({ length: 60 }, (_, index) => [`site-${index}`, index]));
  const bytes = { received: 1, sent: 2 };
  metrics.reads(() => ({ connections, attended: 3, resident: 4, waiting: 5, bytes }));
  const { body } = await metrics.render();
  assert.equal(body.match(/^chalk_talk_connections\{/gm)?.length, 51);
  assert.equal(await valueOf(metrics, 'chalk_talk_connections{site="site-59"}'), 59);
  // Sites 0 to 9.
  assert.equal(await valueOf(metrics, 'chalk_talk_connections{site="_other"}'), 45);
  assert.equal(await valueOf(metrics, 'chalk_talk_commands_waiting'), 5);
  assert.equal(await valueOf(metrics, 'chalk_talk_rooms{state="resident"}'), 4);
  // Read anew each time, never added up.
  assert.equal(await valueOf(metrics, 'chalk_talk_network_bytes_total{direction="sent"}'), 2);
});
