/**
 * Sleep and wake, pages that are put aside, connections whose other end has gone: who comes back is
 * back within seconds.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { type Backend, startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { Device, passes } from './device.js';
import { enter, enterWatched, reaches, sentTexts, texts, until } from './people.js';

const HOUR = 3_600_000;
/**
 * How long an answer is waited for where the connection is in doubt, in milliseconds; and where it
 * is not.
 */
const DOUBT = 4_000;
const ANSWER = 10_000;
/** Until the clock has been looked at. */
const LOOK = 5_000;
/** When the next attempt has begun, for whoever failed for the first time. */
const SOON = 1_000;

interface Scene {
  readonly backend: Backend;
  readonly proxy: NetworkProxy;
  readonly server: string;
  readonly device: Device;
}

async function scene(t: TestContext): Promise<Scene> {
  // Closed before the backend, which would wait for what has been hushed.
  let url = '';
  const proxy = new NetworkProxy(() => new URL(url));
  t.after(() => proxy.close());
  const server = await proxy.listen();
  const backend = await startBackend(t);
  ({ url } = backend);
  return { backend, proxy, server, device: new Device() };
}

/** Ann behind the proxy, with a device of her own, and Ben beside the server; both there. */
async function pair(t: TestContext) {
  const all = await scene(t);
  const { backend, server, device } = all;
  const ann = enter(t, backend, { person: 'ann', server, platform: device.platform });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  await until(ben, ({ peerCount }) => peerCount === 2);
  return { ...all, ann, ben };
}

test('on waking a connection whose other end has gone is noticed within seconds', async t => {
  const { proxy, device, ann, ben } = await pair(t);
  proxy.hush();
  ben.send('while you slept');
  await ben.settled();
  assert.equal(ann.status, 'connected', 'nobody has told');
  device.wake();
  device.clock.advance(DOUBT);
  await reaches(ann, 'reconnecting');
  device.clock.advance(SOON);
  assert.deepEqual(await sentTexts(ann, 1), ['while you slept']);
});

test('a closed lid, of which nobody tells, is noticed by the clock', async t => {
  const { proxy, device, ann, ben } = await pair(t);
  proxy.hush();
  ben.send('while you slept');
  await ben.settled();
  device.closeLid(3 * HOUR);
  device.clock.advance(LOOK);
  device.clock.advance(DOUBT);
  await reaches(ann, 'reconnecting');
  device.clock.advance(SOON);
  assert.deepEqual(await sentTexts(ann, 1), ['while you slept']);
});

test('who wakes while waiting for the next attempt waits no longer', async t => {
  const { backend, proxy, server } = await scene(t);
  const device = new Device({ random: () => 0.999 });
  proxy.mode = 'block-websocket';
  const ann = enter(t, backend, { server, platform: device.platform, transports: ['websocket'] });
  await passes(device, () => proxy.upgrades >= 5, 250);
  // The next attempt is far away, or under way and about to fail.
  const woken = device.clock.now();
  device.closeLid(HOUR);
  proxy.mode = 'pass';
  await passes(device, () => ann.status === 'connected', 50);
  assert.ok(device.clock.now() - woken < 15_000, 'the wait would have been longer');
});

test('waking harms no connection that is good', async t => {
  const { proxy, device, ann, ben } = await pair(t);
  const seen = new Set<string>();
  ann.subscribe(() => seen.add(ann.status));
  const counts = new Set<number>();
  ben.subscribe(() => counts.add(ben.peerCount));
  device.closeLid(HOUR);
  for (let wakes = 0; wakes < 20; wakes += 1) device.wake();
  ann.send('still here');
  await ann.settled();
  device.clock.advance(DOUBT);
  assert.deepEqual(await sentTexts(ben, 1), ['still here']);
  assert.deepEqual([[...seen], [...counts], proxy.upgrades], [['connected'], [2], 1]);
});

test('an answer that does not come brings the connection into doubt: what was said arrives over another one, once', async t => {
  const { proxy, device, ann, ben } = await pair(t);
  proxy.hush();
  ann.send('into the void');
  device.clock.advance(ANSWER);
  // The order is given up, and asked is whether anybody is there.
  await new Promise(resolve => setImmediate(resolve));
  device.clock.advance(DOUBT);
  await reaches(ann, 'reconnecting');
  device.clock.advance(SOON);
  await ann.settled();
  assert.deepEqual(await sentTexts(ben, 1), ['into the void']);
  assert.deepEqual(texts(ann), ['into the void']);
});

test('a page that is put aside is gone for the others, and back when it is shown again', async t => {
  const { device, ann, ben } = await pair(t);
  device.sleep();
  await until(ben, ({ peerCount }) => peerCount === 1);
  assert.equal(ann.status, 'reconnecting');
  ben.send('while you were away');
  await ben.settled();
  device.wake();
  device.clock.advance(500);
  assert.deepEqual(await sentTexts(ann, 1), ['while you were away']);
  await until(ben, ({ peerCount }) => peerCount === 2);
});

test('who is told to sleep and does not is back by themselves', async t => {
  const { device, ann } = await pair(t);
  device.sleep();
  device.sleep();
  assert.equal(ann.status, 'reconnecting');
  device.clock.advance(LOOK);
  await reaches(ann, 'connected');
});

test('a page that is put aside while it connects begins anew', async t => {
  const { backend, server, device } = await scene(t);
  const ann = enter(t, backend, { person: 'ann', server, platform: device.platform });
  device.sleep();
  assert.equal(ann.status, 'connecting');
  device.wake();
  device.clock.advance(500);
  await reaches(ann, 'connected');
});

test('waking again and again does not keep anybody from coming back', async t => {
  const { proxy, device, ann } = await pair(t);
  proxy.cut();
  await reaches(ann, 'reconnecting');
  for (let wakes = 0; wakes < 20; wakes += 1) {
    device.wake();
    device.clock.advance(100);
  }
  await reaches(ann, 'connected');
  assert.equal(proxy.upgrades, 2);
});

test('a server that says when to come back is believed, by those who wake too', async t => {
  const { backend, proxy, server, device, ann } = await pair(t);
  await backend.stop();
  await reaches(ann, 'reconnecting');
  assert.equal(ann.refusal?.code, 'unavailable');
  const { retryAfter = 0 } = ann.refusal;
  // Where there are other nodes, one may come to them at once.
  assert.ok(retryAfter >= (backend.nodes > 1 ? 50 : 500));
  await backend.start();
  device.wake();
  device.clock.advance(retryAfter - 1);
  // Later than any attempt that has begun by now.
  await new Promise(resolve => setImmediate(resolve));
  await fetch(`${server}/healthz`);
  assert.equal(proxy.upgrades, 1);
  device.clock.advance(retryAfter);
  await reaches(ann, 'connected');
  assert.equal(ann.refusal, undefined);
});

test('a clock that is set back or forward by hours, in the middle too, is no reason for anything', async t => {
  for (const hours of [-5, 5]) {
    const { backend, server, proxy, device } = await scene(t);
    device.wrong = hours * HOUR;
    const { session: ann, reasons, seen } = await enterWatched(t, backend, { server, platform: device.platform });
    device.wrong -= 2 * hours * HOUR;
    device.clock.advance(LOOK);
    ann.send('what time is it?');
    await ann.settled();
    const [message] = ann.messages;
    assert.ok(Math.abs((message?.at ?? 0) - Date.now()) < 60_000, 'the server says when it was');
    assert.deepEqual([reasons, [...seen], proxy.upgrades], [['connect'], ['connected'], 1]);
  }
});
