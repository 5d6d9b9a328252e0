import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { type Backend, ORIGIN, startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { ask, type Ask, codeOf, EVIL } from './asking.js';
import { loneApp } from './lone-app.js';

const askGuest = (backend: Backend, wish: unknown, more: Ask = {}) =>
  ask(backend, 'acme/guests', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof wish === 'string' ? wish : JSON.stringify(wish),
    ...more,
  });

/** Asks as a guest whom the proxy in front has named so. */
async function answerFrom(url: string, forwarded: string, more: object = {}): Promise<Response> {
  return fetch(`${url}/v1/sites/acme/guests`, {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json', 'x-forwarded-for': forwarded },
    body: JSON.stringify({ name: 'Zoe', room: 'open-lobby', ...more }),
  });
}

async function askFrom(url: string, forwarded: string, more?: object) {
  return codeOf(await answerFrom(url, forwarded, more));
}

suite('guests', () => {
  test('are let into the rooms that the site lists, as the same person again', async t => {
    const backend = await startBackend(t);
    const answer = await askGuest(backend, { name: ' Zoe\u202e ', room: 'open-lobby' });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { token } = (await answer.json()) as { token: string };
    const zoe = new Talker(backend.connect({ token }));
    await zoe.hears('welcome');
    const { you, role } = await zoe.join('open-lobby');
    assert.equal(role, 'member');
    assert.equal(you.person.name, 'Zoe');
    assert.equal(you.person.guest, true);
    const next = (await (await askGuest(backend, { name: 'Zoë', room: 'open-lobby', previous: token })).json()) as {
      token: string;
    };
    const again = new Talker(backend.connect({ token: next.token }));
    await again.hears('welcome');
    assert.deepEqual((await again.join('open-lobby')).you.person, { ...you.person, name: 'Zoë' });
    assert.equal((await again.ask('join', { room: 'lobby' })).ok, false);
    assert.equal((await new Talker(backend.connect({ site: 'globex', token })).refused())?.code, 'token_invalid');
  });

  test('are not let in elsewhere, from elsewhere, or without a name', async t => {
    const backend = await startBackend(t);
    const wish = { name: 'Zoe', room: 'open-lobby' };
    const refused = async (asked: unknown, more: Ask = {}) => codeOf(await askGuest(backend, asked, more));
    assert.equal(await refused({ ...wish, room: 'lobby' }), 'guests_not_allowed');
    assert.equal(await refused(wish, { origin: EVIL }), 'origin_not_allowed');
    assert.equal(await refused(wish, { origin: null }), 'origin_missing');
    assert.equal(await refused({ ...wish, name: '\u200b' }), 'invalid_input');
    assert.equal(await refused({ ...wish, name: '' }), 'invalid_input');
    assert.equal(await refused({ ...wish, room: '../x' }), 'invalid_input');
    assert.equal(await refused({ ...wish, role: 'moderator' }), 'invalid_input');
    assert.equal(await refused('{"name":'), 'invalid_input');
    assert.equal(await refused('[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]'), 'invalid_input');
    assert.equal(await refused(wish, { headers: { 'content-type': 'text/plain' } }), 'invalid_input');
    assert.equal(await refused({ ...wish, name: 'x'.repeat(20_000) }), 'too_large');
    const acme = backend.app.sites.site('acme') ?? assert.fail();
    await backend.app.sites.putSite({ ...acme, guests: {} });
    assert.equal(await refused(wish), 'guests_not_allowed');
  });

  test('come at a rate', async t => {
    const backend = await startBackend(t, { rates: { guests: { perSecond: 0.1, burst: 1 } } });
    const wish = { name: 'Zoe', room: 'open-lobby' };
    assert.equal(await codeOf(await askGuest(backend, wish)), undefined);
    const answer = await askGuest(backend, wish);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal(await codeOf(answer), 'rate_limited');
  });

  test('come at a rate from one address, which the proxies in front name', async t => {
    const app = await loneApp(t, { trustedProxies: 1, rates: { guestsOfAddress: { perSecond: 0.1, burst: 1 } } });
    const from = (address: string) => askFrom(app.url, address);
    assert.equal(await from('192.0.2.1'), undefined);
    assert.equal(await from('192.0.2.1'), 'rate_limited');
    // Of what the client itself wrote nothing is believed.
    assert.equal(await from('192.0.2.7, 192.0.2.1'), 'rate_limited');
    assert.equal(await from('192.0.2.2'), undefined);
    assert.equal(await from('2001:db8::1'), undefined);
    assert.equal(await from('2001:db8::ffff:1'), 'rate_limited');
    assert.equal(await from('2001:db8:0:1::1'), undefined);
  });

  test('an address that asks too much does not use up what the site has', async t => {
    const rates = { guests: { perSecond: 0.1, burst: 3 }, guestsOfAddress: { perSecond: 0.1, burst: 1 } };
    const app = await loneApp(t, { trustedProxies: 1, rates });
    const from = (address: string) => askFrom(app.url, address);
    for (let time = 0; time < 5; time += 1) await from('192.0.2.1');
    assert.equal(await from('192.0.2.2'), undefined);
  });

  test('what is refused takes nothing from what the site has', async t => {
    const app = await loneApp(t, { trustedProxies: 1, rates: { guests: { perSecond: 0.1, burst: 1 } } });
    assert.equal(await askFrom(app.url, '192.0.2.1', { room: 'lobby' }), 'guests_not_allowed');
    assert.equal(await askFrom(app.url, '192.0.2.2', { room: '../x' }), 'invalid_input');
    assert.equal(await askFrom(app.url, '192.0.2.3', { name: '\u200b' }), 'invalid_input');
    assert.equal(await askFrom(app.url, '192.0.2.4'), undefined);
    assert.equal(await askFrom(app.url, '192.0.2.5'), 'rate_limited');
  });

  test('who was here goes on when nobody new is let in, at a rate of their own', async t => {
    const rates = { guests: { perSecond: 0.1, burst: 1 }, requests: { perSecond: 0.1, burst: 2 } };
    const app = await loneApp(t, { trustedProxies: 1, rates });
    const { token: previous } = (await (await answerFrom(app.url, '192.0.2.1')).json()) as { token: string };
    assert.equal(await askFrom(app.url, '192.0.2.2'), 'rate_limited');
    assert.equal(await askFrom(app.url, '192.0.2.2', { previous: `${previous}x` }), 'rate_limited');
    assert.equal(await askFrom(app.url, '192.0.2.1', { previous }), undefined);
    assert.equal(await askFrom(app.url, '192.0.2.3', { previous }), undefined);
    assert.equal(await askFrom(app.url, '192.0.2.4', { previous }), 'rate_limited');
  });

  test('come at a rate from one IPv6 site, which has many networks', async t => {
    const app = await loneApp(t, { trustedProxies: 1, rates: { guestsOfAddress: { perSecond: 0.1, burst: 1 } } });
    const admitted = async (network: string) => {
      const codes = await Promise.all(
        Array.from({ length: 20 }, (_, number) => askFrom(app.url, `${network}:${number.toString(16)}::1`)),
      );
      return codes.filter(code => code === undefined).length;
    };
    assert.equal(await admitted('2001:db8:1'), 4);
    assert.equal(await admitted('2001:db8:2'), 4);
  });
});
