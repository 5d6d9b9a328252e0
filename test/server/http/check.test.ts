import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { RefusalCode } from '../../../protocol/errors.js';
import type { CheckAnswer } from '../../../protocol/schema/http.js';
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import { ORIGIN, startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ask, type Ask, codeOf, EVIL, rawGet } from './asking.js';

const CHECK = `acme/check?protocol=${PROTOCOL_VERSION}&room=`;

suite('whether a connection would be let in', () => {
  test('a page may ask without a token', async t => {
    const clock = new ManualClock();
    const backend = await startBackend(t, { clock });
    const answer = await ask(backend, `${CHECK}lobby`);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN);
    assert.deepEqual(await answer.json(), { version: '0.0.0', now: clock.now(), guests: false });
    const open = (await (await ask(backend, `${CHECK}open-day`)).json()) as CheckAnswer;
    assert.equal(open.guests, true);
  });

  test('with a token it is told whom that names, and what it allows', async t => {
    const backend = await startBackend(t);
    const token = await backend.token({ person: 'ann', name: 'Ann', rooms: { lobby: 'viewer' } });
    const answer = (await (await ask(backend, `${CHECK}lobby`, { token })).json()) as CheckAnswer;
    assert.deepEqual(answer.person, { id: 'ann', name: 'Ann' });
    assert.equal(answer.role, 'viewer');
    assert.ok(answer.expires !== undefined && answer.expires > answer.now);
  });

  test('it is told the first thing that a connection would meet', async t => {
    const backend = await startBackend(t);
    const token = await backend.token({ rooms: { lobby: 'member' } });
    const ended = await backend.token({ lifetime: -60 });
    const forServers = await backend.token({ forServers: true });
    const cases: readonly (readonly [RefusalCode | undefined, string, Ask])[] = [
      ['site_unknown', `initech/check?protocol=${PROTOCOL_VERSION}&room=lobby`, {}],
      ['origin_not_allowed', `${CHECK}lobby`, { token, origin: EVIL }],
      ['protocol_unsupported', 'acme/check?protocol=0&room=lobby', { token: ended }],
      ['protocol_unsupported', 'acme/check?protocol=&room=lobby', {}],
      ['protocol_unsupported', 'acme/check?protocol=1e0&room=lobby', {}],
      ['protocol_unsupported', 'acme/check?room=lobby', {}],
      ['protocol_unsupported', `acme/check?protocol=${PROTOCOL_VERSION}&protocol=${PROTOCOL_VERSION}`, {}],
      ['token_expired', `${CHECK}Lobby`, { token: ended }],
      ['token_invalid', `${CHECK}lobby`, { token: `${token}x` }],
      ['origin_missing', `${CHECK}lobby`, { token, origin: null }],
      [undefined, `${CHECK}lobby`, { token: forServers, origin: null }],
      ['invalid_input', `${CHECK}Lobby`, { token }],
      ['invalid_input', `acme/check?protocol=${PROTOCOL_VERSION}`, {}],
      ['room_forbidden', `${CHECK}other`, { token }],
      [undefined, `${CHECK}lobby`, { token }],
    ];
    for (const [code, path, more] of cases) assert.equal(await codeOf(await ask(backend, path, more)), code, path);
    const refusal = await ask(backend, `${CHECK}lobby`, { origin: EVIL });
    assert.equal(refusal.headers.get('access-control-allow-origin'), EVIL);
  });

  test('an address asks at a rate', async t => {
    const backend = await startBackend(t, { rates: { checks: { perSecond: 0.1, burst: 2 } } });
    assert.equal(await codeOf(await ask(backend, `${CHECK}lobby`)), undefined);
    assert.equal(await codeOf(await ask(backend, `globex/check?protocol=${PROTOCOL_VERSION}&room=x`)), undefined);
    const answer = await ask(backend, `${CHECK}lobby`);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    assert.equal(await codeOf(answer), 'rate_limited');
  });
});

suite("a page of the server's own origin", () => {
  // Browsers send no Origin with a GET to it; a page can set neither Sec-Fetch-Site nor Host.
  const own = { 'sec-fetch-site': 'same-origin' };
  const path = `/v1/sites/${CHECK}lobby`;

  async function setUp(t: Parameters<typeof startBackend>[0], isListed: boolean) {
    const backend = await startBackend(t);
    const acme = backend.app.sites.site('acme') ?? assert.fail();
    if (isListed) await backend.app.sites.putSite({ ...acme, origins: [ORIGIN, backend.url] });
    const authorization = `Bearer ${await backend.token()}`;
    const status = async (headers: Record<string, string>) =>
      (await rawGet(backend.url + path, { authorization, ...headers })).status;
    return { status, url: backend.url, host: new URL(backend.url).host };
  }

  test('is taken for what it is where the site lists it', async t => {
    const { status, url } = await setUp(t, true);
    assert.equal(await status(own), 200);
    assert.equal(await status({ ...own, origin: url }), 200);
  });

  test('is no page of a site that does not list it', async t => {
    const { status, url } = await setUp(t, false);
    assert.equal(await status(own), 403);
    assert.equal(await status({ ...own, origin: url }), 403);
  });

  test('is nothing that a foreign page can pretend to be', async t => {
    const { status, host } = await setUp(t, true);
    for (const site of ['cross-site', 'same-site', 'none', 'SAME-ORIGIN', 'same-origin, same-origin', '']) {
      assert.equal(await status({ 'sec-fetch-site': site }), 403, site);
    }
    assert.equal(await status({ ...own, origin: EVIL }), 403);
    assert.equal(await status({ ...own, origin: 'null' }), 403);
    // Its name was made to lead to this server.
    for (const other of [
      'evil.example',
      `evil.example:${host.split(':')[1] ?? ''}`,
      `localhost:${host.split(':')[1] ?? ''}`,
    ]) {
      assert.equal(await status({ ...own, host: other }), 403, other);
      assert.equal(await status({ ...own, host: other, 'x-forwarded-host': host }), 403, other);
    }
  });
});
