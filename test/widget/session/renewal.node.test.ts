/**
 * Tokens that are renewed in mid-session: unseen where it goes well, with a reason where it does
 * not, and never at a gallop.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RefusedError, type RefusalCode } from '../../../protocol/errors.js';
import type { TokenReason } from '../../../widget/session/contract.js';
import { TokenKeeper } from '../../../widget/session/token-keeper.js';
import { startBackend } from '../../support/backend.js';
import { stroke } from '../../support/strokes.js';
import { Device, passes } from './device.js';
import { enter, reaches, sentTexts, settledShapes, until } from './people.js';

const MINUTE = 60_000;
const HOUR = 3_600_000;

/**
 * A keeper, with what it asked for and offered; what `getToken` and the server say is the test's
 * choice.
 */
function keeper(
  getToken: (reason: TokenReason) => Promise<string>,
  answers: (RefusalCode | 'ok')[] = [],
  lifetime = HOUR,
) {
  const device = new Device();
  const seen = { asked: [] as TokenReason[], offered: 0, adopted: 0, replaced: 0 };
  const tokens = new TokenKeeper({
    platform: device.platform,
    getToken: reason => {
      seen.asked.push(reason);
      return getToken(reason);
    },
    adopt: () => {
      seen.offered += 1;
      const answer = answers.shift() ?? 'ok';
      const expires = 1_000_000 * HOUR + device.clock.now() - began + lifetime;
      if (answer === 'ok') return Promise.resolve({ ok: true, expires });
      return Promise.resolve({ ok: false, error: new RefusedError(answer).toRefusal() });
    },
    adopted: () => (seen.adopted += 1),
    replaced: () => (seen.replaced += 1),
  });
  const began = device.clock.now();
  return { device, seen, tokens, serverNow: 1_000_000 * HOUR };
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Lets so many milliseconds pass, a second at a time. */
async function pass({ clock }: Device, milliseconds: number): Promise<void> {
  for (let second = 0; second < milliseconds; second += 1_000) {
    clock.advance(1_000);
    await turn();
  }
}

test('a device whose clock is set in mid-session renews when it is time, and once', async () => {
  for (const hours of [-30, 30]) {
    const { device, seen, tokens, serverNow } = keeper(() => Promise.resolve('token'));
    device.wrong = -hours * HOUR;
    await tokens.take();
    tokens.accepted(serverNow + HOUR, serverNow);
    await pass(device, 30 * MINUTE);
    device.wrong = hours * HOUR;
    await pass(device, 28 * MINUTE);
    assert.deepEqual(seen.asked, ['connect']);
    await pass(device, 2 * MINUTE);
    assert.deepEqual(seen.asked, ['connect', 'refresh']);
    await pass(device, 57 * MINUTE);
    assert.equal(seen.adopted, 1);
    await pass(device, 3 * MINUTE);
    assert.equal(seen.adopted, 2);
  }
});

test('a renewal that fails is tried again before the end, ever later', async () => {
  let failing = true;
  const { device, seen, tokens, serverNow } = keeper(() =>
    failing ? Promise.reject(new Error('502')) : Promise.resolve('token'),
  );
  await pass(device, 1_000);
  failing = false;
  await tokens.take();
  failing = true;
  tokens.accepted(serverNow + HOUR, serverNow);
  await pass(device, HOUR - 5_000);
  const tries = seen.asked.length - 1;
  assert.ok(tries >= 3 && tries <= 15, `${tries} times`);
  failing = false;
  await pass(device, 30_000);
  assert.equal(seen.adopted, 1);
});

test('a server that has no time for a renewal is asked again', async () => {
  const { device, seen, tokens, serverNow } = keeper(() => Promise.resolve('token'), ['rate_limited', 'unavailable']);
  await tokens.take();
  tokens.accepted(serverNow + HOUR, serverNow);
  await pass(device, HOUR);
  assert.deepEqual([seen.offered, seen.adopted], [3, 1]);
});

test('a new token that was revoked is followed by another one, once at a time', async () => {
  const { device, seen, tokens, serverNow } = keeper(() => Promise.resolve('token'), ['token_revoked']);
  await tokens.take();
  tokens.accepted(serverNow + HOUR, serverNow);
  await pass(device, HOUR - MINUTE + 1_000);
  assert.deepEqual([seen.asked, seen.adopted], [['connect', 'refresh', 'refused'], 1]);
});

test("another person's token is taken to a new connection", async () => {
  const { device, seen, tokens, serverNow } = keeper(reason => Promise.resolve(reason), ['token_person_changed']);
  await tokens.take();
  tokens.accepted(serverNow + HOUR, serverNow);
  await pass(device, HOUR);
  assert.deepEqual([seen.adopted, seen.replaced, tokens.value], [0, 1, 'refresh']);
  assert.equal(await tokens.take(), 'refresh');
  assert.deepEqual(seen.asked, ['connect', 'refresh']);
});

test('a `getToken` that never answers, or throws at once, is one that fails', async () => {
  const never = keeper(() => new Promise(() => {}));
  const taken = never.tokens.take();
  never.device.clock.advance(30_000);
  await assert.rejects(taken, /30000 ms/);

  const throws = keeper(() => {
    throw new TypeError('at once');
  });
  await assert.rejects(throws.tokens.take(), /at once/);
  throws.tokens.accepted(throws.serverNow + HOUR, throws.serverNow);
  await pass(throws.device, HOUR);
  assert.ok(throws.seen.asked.length > 3);
});

test('an end that is past, or no number, is no reason to gallop', async () => {
  for (const end of [-HOUR, NaN, 1_000]) {
    const { device, seen, tokens, serverNow } = keeper(() => Promise.resolve('token'), [], end);
    tokens.accepted(serverNow + end, serverNow);
    for (let tenth = 0; tenth < 600; tenth += 1) {
      device.clock.advance(100);
      await turn();
    }
    assert.ok(seen.asked.length >= 1 && seen.asked.length <= 61, `${seen.asked.length} times`);
  }
});

test('a session whose renewal fails goes on to the end, then says why, keeps everything, and goes on once there is a token', async t => {
  const device = new Device();
  const backend = await startBackend(t, { clock: device.clock });
  let failing = false;
  const ann = enter(t, backend, {
    platform: device.platform,
    getToken: async () => {
      if (failing) throw new TypeError('fetch failed');
      return backend.token({ forServers: true, lifetime: 4 * 3_600 });
    },
  });
  await reaches(ann, 'connected');
  failing = true;
  const seen = new Set<string>();
  ann.subscribe(() => seen.add(ann.status));
  await pass(device, 0);
  device.clock.advance(4 * HOUR - 10_000);
  assert.deepEqual([...seen], ['connected']);
  assert.equal(ann.refusal, undefined);
  await passes(device, () => ann.status === 'reconnecting');
  await until(ann, ({ refusal }) => refusal?.code === 'token_expired');
  const drawn = stroke();
  ann.draw(drawn);
  ann.send('kept');
  assert.equal(ann.waiting, 2);
  failing = false;
  await passes(device, () => ann.status === 'connected');
  assert.deepEqual(await sentTexts(ann, 1), ['kept']);
  assert.deepEqual(await settledShapes(ann, 1), [drawn.id]);
  assert.equal(ann.refusal, undefined);
});

test('people and tokens that are revoked: the one is final until something changes, the other asks for one more', async t => {
  const backend = await startBackend(t);
  const device = new Device();
  const reasons: TokenReason[] = [];
  const ann = enter(t, backend, {
    platform: device.platform,
    getToken: reason => {
      reasons.push(reason);
      return backend.token({ forServers: true, claims: { jti: `token-${reasons.length}` } });
    },
  });
  await reaches(ann, 'connected');
  const { revocations } = backend.app.sites;
  await revocations.revoke('acme', 'token', 'token-1');
  await passes(device, () => reasons.length === 2 && ann.status === 'connected');
  assert.deepEqual(reasons, ['connect', 'refused']);

  await revocations.revoke('acme', 'person', 'ann');
  await reaches(ann, 'refused');
  assert.equal(ann.refusal?.code, 'person_revoked');
  ann.send('still mine');
  device.wake();
  device.clock.advance(HOUR);
  await turn();
  assert.deepEqual([ann.status, ann.waiting, reasons.length], ['refused', 1, 2]);
});
