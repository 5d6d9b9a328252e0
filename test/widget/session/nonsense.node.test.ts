/**
 * A server, or what pretends to be one, that says what makes no sense; and clients that come back,
 * each at another moment.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';

import { Server } from 'socket.io';

import { PEOPLE_NAMESPACE, SOCKET_PATH } from '../../../protocol/version.js';
import { Connections } from '../../../widget/session/connections.js';
import { ReadPosition } from '../../../widget/session/read-position.js';
import { Timer } from '../../../widget/session/timer.js';
import { Device, passes } from './device.js';
import { until } from './people.js';

const NONSENSE: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  {},
  { ok: true },
  { ok: false },
  { room: 'room', events: [null] },
];

test('whatever a server says, the client goes on trying, and harms nobody', async t => {
  const http = createServer((_, response) => response.end('<h1>nothing here</h1>'));
  const server = new Server(http, { path: SOCKET_PATH });
  let came = 0;
  server.of(PEOPLE_NAMESPACE).on('connection', socket => {
    came += 1;
    const choice = (offset: number): unknown => NONSENSE[(came + offset) % NONSENSE.length];
    socket.onAny((_name: string, _order: unknown, answer: unknown) => {
      if (typeof answer === 'function') Reflect.apply(answer, undefined, [choice(1)]);
    });
    socket.emit('welcome', came % 3 === 0 ? choice(2) : { expires: Date.now() + 60_000, now: Date.now() });
    for (const fact of ['events', 'presence', 'role', 'f', 'bye', 'never-heard-of']) {
      for (const nonsense of NONSENSE) socket.emit(fact, nonsense);
    }
    if (came % 2 === 0) socket.disconnect(true);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = http.address() as AddressInfo;
  const device = new Device();
  const room = new Connections(device.platform).room({
    server: `http://127.0.0.1:${port}`,
    site: 'acme',
    room: 'room',
    getToken: () => Promise.resolve('token'),
  });
  t.after(() => room.close());
  room.send('kept');
  await passes(device, () => came > NONSENSE.length);
  assert.ok(['connecting', 'reconnecting'].includes(room.status), room.status);
  assert.equal(room.waiting, 1);
  assert.ok(device.reported.length > 0, 'and it is told');
  room.close();
  await until(room, ({ status }) => status === 'closed');
});

test('two thousand clients that fail together come back spread over all of the time', () => {
  for (const [failures, span] of [
    [0, 1_000],
    [3, 8_000],
    [50, 30_000],
  ] as const) {
    const delays: number[] = [];
    const timer = new Timer(new Device({ after: ms => () => void delays.push(ms), random: Math.random }).platform);
    for (let client = 0; client < 2_000; client += 1) timer.backOff(failures, () => {});
    timer.stop();
    assert.equal(delays.length, 2_000);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = delays.filter(ms => Math.floor((ms / span) * 10) === tenth).length;
      assert.ok(share > 120 && share < 280, `${share} of 2000 in a tenth of ${span} ms`);
    }
  }
});

test('what a server asks for is obeyed, not all at one moment, and not for ever', () => {
  let asked = 0;
  const timer = new Timer(new Device({ after: ms => ((asked = ms), () => {}), random: () => 0.5 }).platform);
  timer.backOff(9, () => {}, 8_000);
  assert.equal(asked, 9_000);
  timer.backOff(0, () => {}, 1e15);
  assert.equal(asked, 675_000);
  timer.backOff(0, () => {}, NaN);
  assert.equal(asked, 500);
  timer.start(1e15, () => {});
  assert.ok(asked < 2 ** 31, 'longer is no delay at all to a browser');
});

test('a timeline that was set back takes the read position back with it', async () => {
  const told: number[] = [];
  const device = new Device();
  const read = new ReadPosition(seq => {
    told.push(seq);
    return Promise.resolve({ ok: true });
  }, device.platform);
  read.restart(0);
  read.reach(500);
  device.clock.advance(500);
  await new Promise(resolve => setImmediate(resolve));
  read.restart(500);
  read.restart(20);
  device.clock.advance(500);
  assert.deepEqual(told, [500], 'nothing of the new one was read by the numbers of the old one');
  read.reach(25);
  device.clock.advance(500);
  assert.deepEqual(told, [500, 25]);
});
