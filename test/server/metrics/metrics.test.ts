import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import { Metrics, type Readings } from '../../../server/metrics/metrics.js';
import { TurnMeter } from '../../../server/metrics/turn-meter.js';
import { startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { clear } from '../../support/commands.js';

/** The value of one line of Prometheus' text format; 0 where there is none. */
async function valueOf(metrics: Metrics, series: string): Promise<number> {
  const { body } = await metrics.render();
  const line = body.split('\n').find(text => text.startsWith(`${series} `));
  return line ? Number(line.slice(series.length + 1)) : 0;
}

const READINGS: Readings = {
  connections: new Map(),
  attended: 3,
  resident: 4,
  waiting: 5,
  working: 6,
  cluster: {
    connected: true,
    counters: {
      nodes: 3,
      sent: { messages: 7, bytes: 700 },
      received: { messages: 8, bytes: 800 },
      ignored: 9,
      reconnects: 10,
    },
  },
  bytes: { received: 1, sent: 2 },
};

suite('what people do is counted', () => {
  test('commands by kind and outcome, turns, commits, and who was told', async t => {
    const metrics = new Metrics();
    const backend = await startBackend(t, { metrics });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const eve = await Talker.enter(backend, { person: 'eve', rooms: { lobby: 'viewer' } });
    await ann.join('lobby');
    await eve.join('lobby');
    await ann.post('lobby', 'hello');
    const last = await ann.post('lobby', 'again');
    await eve.hears('events', ({ events }) => events.some(({ seq }) => seq === last));
    await eve.ask('command', { room: 'lobby', id: newCommandId(), body: clear() });

    const commands = 'chalk_talk_commands_total';
    assert.equal(await valueOf(metrics, `${commands}{type="message.post",outcome="accepted"}`), 2);
    assert.equal(await valueOf(metrics, `${commands}{type="board.clear",outcome="refused"}`), 1);
    assert.equal(await valueOf(metrics, 'chalk_talk_refusals_total{code="role_forbidden",of="order"}'), 1);
    assert.equal(await valueOf(metrics, 'chalk_talk_command_seconds_count'), 3);
    // Ann came to be an author with her first message: three events, each told to two.
    assert.equal(await valueOf(metrics, 'chalk_talk_events_total'), 3);
    assert.equal(await valueOf(metrics, 'chalk_talk_event_deliveries_total'), 6);
    assert.equal(await valueOf(metrics, 'chalk_talk_turn_seconds_count'), 3);
    // The one whose command was refused waited for its room too, and kept nothing.
    assert.equal(await valueOf(metrics, 'chalk_talk_turn_wait_seconds_count'), 3);
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
    const ann = await Talker.enter(backend, { person: 'ann', node: 0 });
    const bob = await Talker.enter(backend, { person: 'bob', node: 0 });
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
  metrics.reads(() => ({ ...READINGS, connections }));
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

test('what goes between nodes is read from the cluster, anew each time', async () => {
  const metrics = new Metrics();
  let connected = true;
  metrics.reads(() => ({ ...READINGS, cluster: { ...READINGS.cluster, connected } }));
  await metrics.render();
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_connected'), 1);
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_nodes'), 3);
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_messages_total{direction="sent"}'), 7);
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_bytes_total{direction="received"}'), 800);
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_ignored_total'), 9);
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_reconnects_total'), 10);
  assert.equal(await valueOf(metrics, 'chalk_talk_turn_lanes_working'), 6);
  connected = false;
  assert.equal(await valueOf(metrics, 'chalk_talk_cluster_connected'), 0);
});

test('events that nobody told of are counted', async () => {
  const metrics = new Metrics();
  metrics.missed(2);
  metrics.missed(3);
  assert.equal(await valueOf(metrics, 'chalk_talk_events_missed_total'), 5);
});

test('a turn waits for its rooms from its start until storage hands them over', () => {
  const told: string[] = [];
  const turn = new TurnMeter({
    turn: seconds => told.push(`turn ${seconds >= 0}`),
    turnWait: seconds => told.push(`wait ${seconds >= 0}`),
    commit: seconds => told.push(`commit ${seconds >= 0}`),
  }).started();
  turn.opened();
  turn.decided();
  assert.deepEqual(told, ['wait true']);
  turn.kept();
  turn.told();
  assert.deepEqual(told, ['wait true', 'commit true', 'turn true']);
});
