/**
 * Networks that answer in the server's place: with a page to sign in at, with half an answer, with
 * a WebSocket that is none.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';

import { type Backend, startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { stroke } from '../../support/strokes.js';
import { TransportChoice } from '../../../widget/session/transports.js';
import { Device, passes } from './device.js';
import { enter, enterWatched, reaches, sentTexts, settledShapes } from './people.js';

const LONG = 60_000;

async function scene(
  t: TestContext,
): Promise<{ backend: Backend; proxy: NetworkProxy; server: string; device: Device }> {
  let url = '';
  const proxy = new NetworkProxy(() => new URL(url));
  t.after(() => proxy.close());
  const server = await proxy.listen();
  const backend = await startBackend(t);
  ({ url } = backend);
  return { backend, proxy, server, device: new Device() };
}

test('a network that wants a sign-in is no network: nobody is refused, and nothing is lost', async t => {
  const { backend, proxy, server, device } = await scene(t);
  const { session: ann, reasons, seen } = await enterWatched(t, backend, { server, platform: device.platform });
  proxy.mode = 'portal';
  proxy.cut();
  await reaches(ann, 'reconnecting');
  ann.send('written at the gate');
  const drawn = stroke();
  ann.draw(drawn);
  const before = proxy.upgrades;
  await passes(device, () => proxy.upgrades > before + 4);
  assert.equal(ann.refusal, undefined);
  proxy.mode = 'pass';
  device.clock.advance(LONG);
  await ann.settled();
  assert.deepEqual(await sentTexts(ann, 1), ['written at the gate']);
  assert.deepEqual(await settledShapes(ann, 1), [drawn.id]);
  assert.deepEqual([...seen], ['connected', 'reconnecting']);
  assert.deepEqual(reasons, ['connect'], 'the token is not to blame');
});

test('a sign-in page in the middle of long-polling is a lost connection', async t => {
  const { backend, proxy, server, device } = await scene(t);
  const ann = enter(t, backend, { server, platform: device.platform, transports: ['polling'] });
  await reaches(ann, 'connected');
  proxy.mode = 'portal';
  // Swallowed by the portal, which says that all is well.
  ann.send('swallowed');
  await passes(device, () => ann.status === 'reconnecting');
  proxy.mode = 'pass';
  await passes(device, () => ann.status === 'connected');
  assert.deepEqual(await sentTexts(ann, 1), ['swallowed']);
});

test('half a snapshot, or one that lacks something, is asked for again', async t => {
  const backend = await startBackend(t);
  const answers = [
    () =>
      new Response('{"epoch":"one","seq":3,"people":[[1,{"id"', { headers: { 'content-type': 'application/json' } }),
    () => Response.json({ epoch: 'one', people: [], messages: [], shapes: [] }),
    () => Response.json({ epoch: 'one', seq: 1, people: {}, messages: [], shapes: [] }),
    () => Response.json(null),
    () => Response.redirect('https://sign-in.example/', 302),
  ];
  const device = new Device({
    fetch: (url, init) => {
      const answer = answers.shift();
      return answer ? Promise.resolve(answer()) : fetch(url, init);
    },
  });
  const ann = enter(t, backend, { platform: device.platform });
  await passes(device, () => answers.length === 0);
  await passes(device, () => ann.status === 'connected');
  ann.send('whole');
  assert.deepEqual(await sentTexts(ann, 1), ['whole']);
});

test('a WebSocket that opens and says nothing gives way to long-polling', async t => {
  const { backend, proxy, server, device } = await scene(t);
  proxy.mode = 'mute-websocket';
  const ann = enter(t, backend, { server, platform: device.platform });
  await passes(device, () => ann.status === 'connected');
  ann.send('through');
  assert.deepEqual(await sentTexts(ann, 1), ['through']);
});

test('WebSockets that are cut each time give way to long-polling after the third, and are tried again another day', async t => {
  const { backend, proxy, server, device } = await scene(t);
  proxy.mode = 'flap-websocket';
  const ann = enter(t, backend, { server, platform: device.platform });
  await passes(device, () => ann.status === 'connected');
  assert.equal(proxy.upgrades, 3);
  ann.send('through');
  assert.deepEqual(await sentTexts(ann, 1), ['through']);
  assert.equal(proxy.upgrades, 3, 'it does not try to move up');

  // Another network, one that can do it.
  proxy.mode = 'down';
  proxy.cut();
  // Time stands: no attempt is under way that began in the old one.
  await reaches(ann, 'reconnecting');
  proxy.mode = 'pass';
  device.wake();
  await passes(device, () => ann.status === 'connected');
  assert.equal(proxy.upgrades, 4);
});

test('who closes the session leaves nothing that waits for its time, where no WebSocket is trusted either', async t => {
  const { backend, proxy, server, device } = await scene(t);
  proxy.mode = 'flap-websocket';
  const ann = enter(t, backend, { server, platform: device.platform });
  await passes(device, () => ann.status === 'connected');
  assert.equal(proxy.upgrades, 3);
  ann.send('through');
  await ann.settled();
  ann.close();
  // Whoever awaits an answer is told first that none will come.
  await turnOfTheLoop();
  assert.equal(device.clock.waiting, 0);
});

test('connections that go on being cut after three seconds are waited for two at most, and those that are cut at once ever longer', async t => {
  const { backend, proxy, server } = await scene(t);
  const device = new Device({ random: () => 0.999 });
  const ann = enter(t, backend, { server, platform: device.platform, transports: ['polling'] });
  const waits = async (lasting: number, step: number): Promise<number> => {
    await reaches(ann, 'connected');
    device.clock.advance(lasting);
    // Between two polls there is nothing to cut: the next one fails.
    proxy.mode = 'down';
    proxy.cut();
    await reaches(ann, 'reconnecting');
    proxy.mode = 'pass';
    const lost = device.clock.now();
    await passes(device, () => ann.status === 'connected', step);
    return device.clock.now() - lost;
  };
  const afterSome: number[] = [];
  // In small steps: what the answers take counts as well.
  for (let cuts = 0; cuts < 4; cuts += 1) afterSome.push(await waits(3_000, 20));
  assert.ok(Math.max(...afterSome) < 3_000, afterSome.join(' '));
  const afterNone: number[] = [];
  for (let cuts = 0; cuts < 4; cuts += 1) afterNone.push(await waits(0, 100));
  assert.ok(Math.max(...afterNone) > 7_000, afterNone.join(' '));
});

test('who is not trusted is trusted again: after ten minutes, after a wake, or where long-polling is no better', async () => {
  const { clock, platform } = new Device();
  const choice = new TransportChoice(platform);
  const distrust = (): void => {
    for (let times = 0; times < 3; times += 1) choice.stumble();
    assert.equal(choice.present, 'polling');
  };
  choice.stumble();
  choice.stumble();
  choice.stand();
  choice.stumble();
  assert.equal(choice.present, 'websocket', 'one that stood was between them');
  choice.anew();

  distrust();
  assert.equal((await choice.load()).length, 1, 'long-polling alone');
  clock.advance(600_000);
  assert.equal(choice.present, 'websocket');

  distrust();
  choice.anew();
  assert.equal(choice.present, 'websocket');

  distrust();
  assert.equal(choice.turn(), false);
  assert.equal(choice.present, 'websocket');

  distrust();
  for (let times = 0; times < 3; times += 1) choice.stumble();
  assert.equal(choice.present, 'websocket');
});
