import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Grants } from '../../../server/auth/grants.js';
import { FailedTokens } from '../../../server/limits/failed-tokens.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { Talker } from '../../support/talker.js';
import { newSiteKey, signToken } from '../../support/tokens.js';
import { ask, codeOf } from '../http/asking.js';
import { RefusedError } from '../../../protocol/errors.js';

const IDENTITY = {
  site: 'acme',
  person: { id: 'ann', name: 'Ann' },
  grants: new Grants({}),
  expires: 0,
  kid: 'k',
  forServers: false,
};

const failures = { perSecond: 0.01, burst: 3 };

suite('what is wrong from one address', () => {
  test('is counted over sockets and HTTP; what was good there passes always', async t => {
    const backend = await startBackend(t, { rates: { failures } });
    const known = await backend.token({ person: 'ann' });
    await Talker.enter(backend, { person: 'ben', node: 0 });
    assert.equal(await codeOf(await ask(backend, 'acme/rooms/lobby/snapshot', { token: known })), undefined);
    const forged = await signToken({ ...newSiteKey('acme'), key: { ...keyOf(backend) } }, { person: 'eve' });
    // Another node is told a moment later.
    const connect = async (token: string) => (await new Talker(backend.connect({ token, node: 0 })).refused())?.code;
    assert.equal(await connect(forged), 'token_invalid');
    for (let time = 0; time < 9; time += 1) assert.equal(await connect('nonsense'), 'token_invalid');
    assert.equal(await connect(forged), 'token_invalid');
    assert.equal(await codeOf(await ask(backend, 'acme/rooms/lobby/snapshot', { token: forged })), 'token_invalid');
    assert.equal(await connect(forged), 'rate_limited');
    const refused = await ask(backend, 'acme/rooms/lobby/snapshot', { token: forged });
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(await codeOf(refused), 'rate_limited');
    const ann = new Talker(backend.connect({ token: known, node: 0 }));
    await ann.hears('welcome');
    assert.equal(await codeOf(await ask(backend, 'acme/rooms/lobby/snapshot', { token: known })), undefined);
  });

  test('costs no verification once it is too much, and nothing at another address', async () => {
    const clock = new ManualClock();
    let verified = 0;
    const tokens = {
      namesKey: (_site: string, token: string) => token !== 'nonsense',
      verify: () => {
        verified += 1;
        return Promise.reject(new RefusedError('token_invalid'));
      },
    };
    const guard = new FailedTokens({ tokens, rate: { perSecond: 1, burst: 3 }, now: () => clock.now() });
    const code = (address: string, token = 'x') =>
      guard.verify('acme', token, address).then(
        () => undefined,
        (fault: unknown) => (fault instanceof RefusedError ? [fault.code, fault.retryAfter] : fault),
      );
    // What names no key is none, and costs nothing.
    for (let time = 0; time < 9; time += 1) await code('192.0.2.1', 'nonsense');
    for (let time = 0; time < 3; time += 1) assert.deepEqual(await code('192.0.2.1'), ['token_invalid', undefined]);
    for (let time = 0; time < 9; time += 1) assert.deepEqual(await code('192.0.2.1'), ['rate_limited', 1_000]);
    assert.equal(verified, 3);
    assert.deepEqual(await code('192.0.2.2'), ['token_invalid', undefined]);
    clock.advance(1_000);
    assert.deepEqual(await code('192.0.2.1'), ['token_invalid', undefined]);
  });
});

test('a token that was taken in place of another is known, and one that is no longer good is not', async () => {
  let isGood = true;
  const tokens = {
    namesKey: () => true,
    verify: () => (isGood ? Promise.resolve(IDENTITY) : Promise.reject(new RefusedError('token_expired'))),
  };
  const guard = new FailedTokens({ tokens, rate: { perSecond: 0.01, burst: 1 }, now: () => 0 });
  const code = (token: string) =>
    guard.verify('acme', token, '192.0.2.1').then(
      () => 'good',
      (fault: unknown) => (fault instanceof RefusedError ? fault.code : fault),
    );
  guard.remember('acme', 'renewed');
  assert.equal(await code('first'), 'good');
  isGood = false;
  assert.equal(await code('bad'), 'token_expired');
  assert.equal(await code('bad'), 'rate_limited');
  assert.equal(await code('first'), 'token_expired');
  assert.equal(await code('first'), 'rate_limited');
  isGood = true;
  assert.equal(await code('renewed'), 'good');
});

test('the address of a socket is what the proxy in front says, and never what nobody asked for', async t => {
  const backend = await startBackend(t, { rates: { failures } });
  const { url } = backend;
  const forged = await signToken({ ...newSiteKey('acme'), key: { ...keyOf(backend) } }, { person: 'eve' });
  const handshake = `${url}/v1/socket/?EIO=4&transport=polling&site=acme`;
  /** A CONNECT with a bad token, by somebody who writes that header. */
  async function knock(forwarded: string): Promise<string> {
    const headers = { origin: ORIGIN, 'x-forwarded-for': forwarded };
    const { sid } = JSON.parse((await (await fetch(handshake, { headers })).text()).slice(1)) as { sid: string };
    const session = `${handshake}&sid=${sid}`;
    await fetch(session, { method: 'POST', headers, body: `40/v1,{"token":"${forged}","protocol":1}` });
    return /"code":"(\w+)"/.exec(await (await fetch(session, { headers })).text())?.[1] ?? '';
  }
  for (let number = 1; number <= 3; number += 1) assert.equal(await knock(`192.0.2.${number}`), 'token_invalid');
  assert.equal(await knock('192.0.2.4'), 'rate_limited');
});

function keyOf(backend: Awaited<ReturnType<typeof startBackend>>) {
  const pair = backend.keys.get('acme') ?? assert.fail();
  return pair.page.key;
}
