import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';

import { SignJWT } from 'jose';

import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { operated } from './operator.js';

suite('sites', () => {
  test('one is added, shown, changed and removed', async t => {
    const { operator, app } = await operated(t);
    const added = await operator.does('POST', '/sites', { id: 'initech', origins: ['https://initech.example'] });
    const expected = {
      id: 'initech',
      name: 'initech',
      origins: ['https://initech.example'],
      guests: {},
      limits: DEFAULT_SITE_LIMITS,
      retentionDays: null,
      strokeTimes: true,
      connections: 0,
    };
    assert.deepEqual(added, expected);
    assert.deepEqual(await operator.does('GET', '/sites/initech'), expected);
    const changed = await operator.does('PATCH', '/sites/initech', {
      limits: { peersPerRoom: 7, bytesPerSecond: 30_000_000 },
      retentionDays: 30,
      strokeTimes: false,
    });
    const limits = { ...expected.limits, peersPerRoom: 7, bytesPerSecond: 30_000_000 };
    assert.deepEqual(changed, { ...expected, limits, retentionDays: 30, strokeTimes: false });
    const kept = await operator.does('PATCH', '/sites/initech', {
      name: 'Initech',
      retentionDays: null,
      strokeTimes: true,
    });
    assert.equal(kept['retentionDays'], null);
    assert.deepEqual(kept['limits'], limits);
    const { sites } = (await operator.does('GET', '/sites')) as { sites: { id: string }[] };
    assert.deepEqual(
      sites.map(({ id }) => id),
      ['acme', 'initech'],
    );
    assert.equal((await operator.request('DELETE', '/sites/initech')).status, 204);
    assert.equal((await operator.isRefused('GET', '/sites/initech')).code, 'site_unknown');
    assert.equal((await operator.isRefused('DELETE', '/sites/initech')).code, 'site_unknown');
    assert.equal(app.sites.site('initech'), undefined);
  });

  test('adding never overwrites', async t => {
    const { operator, app } = await operated(t);
    const before = app.sites.site('acme');
    assert.equal((await operator.isRefused('POST', '/sites', { id: 'acme', origins: [] })).code, 'site_exists');
    assert.deepEqual(app.sites.site('acme'), before);
    const twice = await Promise.all([1, 2].map(() => operator.request('POST', '/sites', { id: 'hooli' })));
    assert.deepEqual(twice.map(({ status }) => status).sort(), [201, 409]);
  });

  test('changes that come at once lose nothing of each other', async t => {
    const { operator } = await operated(t);
    await Promise.all([
      operator.does('PATCH', '/sites/acme', { name: 'Acme Inc' }),
      operator.does('PATCH', '/sites/acme', { limits: { connections: 5 } }),
      operator.does('PATCH', '/sites/acme', { limits: { peersPerRoom: 6 } }),
      operator.does('PATCH', '/sites/acme', { retentionDays: 7 }),
      operator.does('PATCH', '/sites/acme', { guests: { lobby: 'viewer' } }),
    ]);
    const site = await operator.does('GET', '/sites/acme');
    assert.equal(site['name'], 'Acme Inc');
    assert.equal(site['retentionDays'], 7);
    assert.deepEqual(site['guests'], { lobby: 'viewer' });
    assert.deepEqual(site['limits'], { ...DEFAULT_SITE_LIMITS, connections: 5, peersPerRoom: 6 });
  });

  test('lists that grow and shrink at once lose nothing', async t => {
    const { operator } = await operated(t);
    const numbers = [1, 2, 3, 4, 5, 6];
    const origin = (number: number) => `https://${number}.example`;
    await Promise.all(numbers.map(number => operator.does('PATCH', '/sites/acme', { addOrigins: [origin(number)] })));
    await Promise.all([
      operator.does('PATCH', '/sites/acme', { removeOrigins: ['https://page.example'] }),
      operator.does('PATCH', '/sites/acme', { removeOrigins: [origin(1)], addOrigins: [origin(2), origin(7)] }),
      operator.does('PATCH', '/sites/acme', { setGuests: { lobby: 'viewer', 'open-*': 'viewer' } }),
      operator.does('PATCH', '/sites/acme', { setGuests: { hall: 'member' } }),
    ]);
    await operator.does('PATCH', '/sites/acme', { removeGuests: ['lobby'] });
    const { origins, guests } = await operator.does('GET', '/sites/acme');
    assert.deepEqual(origins, [2, 3, 4, 5, 6, 7].map(origin));
    assert.deepEqual(guests, { 'open-*': 'viewer', hall: 'member' });
    for (const wrong of [{ removeOrigins: [origin(1)] }, { removeGuests: ['lobby'] }, { addOrigins: ['x'] }]) {
      assert.equal((await operator.isRefused('PATCH', '/sites/acme', wrong)).code, 'invalid_input');
    }
    const many = Array.from({ length: 195 }, (_none, number) => origin(number + 10));
    assert.match((await operator.isRefused('PATCH', '/sites/acme', { addOrigins: many })).message, /200 origins/);
  });

  test('a name that would write into a terminal is not taken', async t => {
    const { operator } = await operated(t);
    for (const name of ['a\u001b[2Jb', 'a\nb', 'a\u009bb', 'a\u202eb']) {
      for (const [method, path, body] of [
        ['POST', '/sites', { id: 'hooli', name }],
        ['PATCH', '/sites/acme', { name }],
      ] as const) {
        const { code, message } = await operator.isRefused(method, path, body);
        assert.equal(code, 'invalid_input');
        assert.match(message, /`name`/);
      }
    }
    assert.equal((await operator.does('PATCH', '/sites/acme', { name: 'Écôle 学校 👩‍👧' }))['name'], 'Écôle 学校 👩‍👧');
  });

  test('what has a wrong form is named', async t => {
    const { operator } = await operated(t);
    const wrong: [body: unknown, named: RegExp][] = [
      [{ origins: ['https://good.example', 'https://bad.example/'] }, /"https:\/\/bad\.example\/" is not an origin/],
      [{ origins: 'https://good.example' }, /`origins`/],
      [{ guests: { Lobby: 'member' } }, /`guests\.Lobby`/],
      [{ guests: { lobby: 'owner' } }, /`guests\.lobby`/],
      [{ limits: { connections: -1 } }, /`limits\.connections`/],
      [{ retentionDays: 0 }, /`retentionDays` must be a whole number of days/],
      [{ nonsense: 1 }, /`nonsense`/],
      [[], /The body/],
    ];
    for (const [body, named] of wrong) {
      const { code, message } = await operator.isRefused('PATCH', '/sites/acme', body);
      assert.equal(code, 'invalid_input');
      assert.match(message, named);
    }
    assert.match((await operator.isRefused('POST', '/sites', { id: 'Acme' })).message, /`id` must be .*lower-case/);
    const large = { name: 'x'.repeat(200_000) };
    assert.equal((await operator.isRefused('PATCH', '/sites/acme', large)).code, 'too_large');
  });
});

suite('keys', () => {
  test('a secret is made by the server, told once, and signs as it stands', async t => {
    const { operator, app } = await operated(t);
    const key = await operator.does('POST', '/sites/acme/keys', { kid: 'first' });
    const { secret } = key;
    assert.ok(typeof secret === 'string');
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    const listed = await operator.does('GET', '/sites/acme/keys');
    assert.ok(!JSON.stringify(listed).includes(secret));
    assert.deepEqual(listed['keys'], [
      { kid: 'first', algorithm: 'HS256', forServers: false, createdAt: key['createdAt'], revokedAt: null },
    ]);
    const iat = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: 'acme',
      aud: 'chalk-talk',
      sub: 'ann',
      name: 'Ann',
      rooms: { lobby: 'member' },
      iat,
      exp: iat + 60,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(new TextEncoder().encode(secret));
    assert.equal(await checks(app.url, token), 200);
    await operator.does('DELETE', '/sites/acme/keys/first');
    assert.equal(await checks(app.url, token), 401);
  });

  test('a public key is taken, a private one is not', async t => {
    const { operator } = await operated(t);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const key = await operator.does('POST', '/sites/acme/keys', {
      algorithm: 'ES256',
      publicKey: pem,
      forServers: true,
    });
    assert.equal(key['secret'], undefined);
    assert.equal(key['forServers'], true);
    const wrong: [body: object, named: RegExp][] = [
      [{ algorithm: 'ES256', publicKey: secret }, /private key/],
      [{ publicKey: secret }, /private key/],
      [{ publicKey: pem }, /server makes the secret/],
      [{ algorithm: 'ES256' }, /needs `publicKey`/],
      [{ algorithm: 'RS256', publicKey: pem }, /RSA key of 2048 bits/],
      [
        { algorithm: 'EdDSA', publicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
        /can't be read/,
      ],
      [{ algorithm: 'EdDSA', publicKey: 'ssh-ed25519 AAAA' }, /SPKI in PEM/],
      [{ kid: '_guest' }, /`kid` must be/],
    ];
    for (const [body, named] of wrong) {
      const { code, message } = await operator.isRefused('POST', '/sites/acme/keys', body);
      assert.equal(code, 'invalid_input');
      assert.match(message, named);
      assert.ok(!message.includes(secret.split('\n')[1] ?? secret));
    }
    const { keys } = (await operator.does('GET', '/sites/acme/keys')) as { keys: unknown[] };
    assert.equal(keys.length, 1);
  });

  test('one is marked for servers and back, and a revoked id never comes again', async t => {
    const { operator } = await operated(t);
    await operator.does('POST', '/sites/acme/keys', { kid: 'first' });
    assert.equal((await operator.isRefused('POST', '/sites/acme/keys', { kid: 'first' })).code, 'key_exists');
    for (const forServers of [true, false]) {
      const key = await operator.does('PATCH', '/sites/acme/keys/first', { forServers });
      assert.equal(key['forServers'], forServers);
    }
    await operator.does('DELETE', '/sites/acme/keys/first');
    await operator.does('DELETE', '/sites/acme/keys/first');
    const { keys } = (await operator.does('GET', '/sites/acme/keys')) as { keys: { revokedAt: unknown }[] };
    assert.ok(typeof keys[0]?.revokedAt === 'number');
    assert.equal((await operator.isRefused('POST', '/sites/acme/keys', { kid: 'first' })).code, 'key_exists');
    const marking = await operator.isRefused('PATCH', '/sites/acme/keys/first', { forServers: true });
    assert.equal(marking.code, 'key_unknown');
    assert.match(marking.message, /is revoked/);
    const ann = { sub: 'ann', name: 'Ann', rooms: { lobby: 'member' }, kid: 'first' };
    assert.match((await operator.isRefused('POST', '/sites/acme/tokens', ann)).message, /is revoked/);
    assert.equal((await operator.isRefused('DELETE', '/sites/acme/keys/other')).code, 'key_unknown');
    assert.equal((await operator.isRefused('GET', '/sites/initech/keys')).code, 'site_unknown');
    assert.equal((await operator.isRefused('POST', '/sites/initech/keys', {})).code, 'site_unknown');
  });

  test('a token to try out is signed with the newest secret, or the one that is named', async t => {
    const { operator, app } = await operated(t);
    const ann = { sub: 'ann', name: 'Ann', rooms: { lobby: 'member' } };
    assert.equal((await operator.isRefused('POST', '/sites/acme/tokens', ann)).code, 'key_unknown');
    for (const kid of ['first', 'second']) await operator.does('POST', '/sites/acme/keys', { kid });
    const newest = await operator.does('POST', '/sites/acme/tokens', ann);
    assert.equal(newest['kid'], 'second');
    assert.equal(await checks(app.url, String(newest['token'])), 200);
    const named = await operator.does('POST', '/sites/acme/tokens', { ...ann, kid: 'first', lifetime: 60 });
    assert.equal(named['kid'], 'first');
    await operator.does('DELETE', '/sites/acme/keys/second');
    assert.equal((await operator.does('POST', '/sites/acme/tokens', ann))['kid'], 'first');
    const gone = await operator.isRefused('POST', '/sites/acme/tokens', { ...ann, kid: 'second' });
    assert.equal(gone.code, 'key_unknown');
    await app.sites.revocations.revoke('acme', 'person', 'ann');
    assert.equal((await operator.isRefused('POST', '/sites/acme/tokens', ann)).code, 'person_revoked');
    await app.sites.revocations.allow('acme', 'person', 'ann');
    for (const wrong of [{ sub: 'guest:ann' }, { name: '\u200b' }, { lifetime: 90_000 }, { sub: 'a b' }]) {
      const { code } = await operator.isRefused('POST', '/sites/acme/tokens', { ...ann, ...wrong });
      assert.equal(code, 'invalid_input', JSON.stringify(wrong));
    }
  });
});

test('usage is that of one site', async t => {
  const { operator } = await operated(t);
  const nothing = { events: 0, messages: 0, shapes: 0, bytes: 0 };
  const expected = { site: 'acme', connections: 0, rooms: 0, days: [], total: nothing };
  assert.deepEqual(await operator.does('GET', '/sites/acme/usage'), expected);
  assert.deepEqual(await operator.does('GET', '/sites/acme/usage?days=7'), expected);
  for (const days of ['0', 'x', '-1', '99999', '1&days=2']) {
    assert.equal((await operator.isRefused('GET', `/sites/acme/usage?days=${days}`)).code, 'invalid_input');
  }
  assert.equal((await operator.isRefused('GET', '/sites/initech/usage')).code, 'site_unknown');
});

test('the status counts', async t => {
  const { operator, app } = await operated(t);
  const { uptime, ...status } = await operator.does('GET', '/status');
  assert.ok(typeof uptime === 'number' && uptime >= 0);
  assert.deepEqual(status, { version: '0.0.0', publicUrl: app.url, ready: true, sites: 1, connections: 0 });
});

/** The status by which a token is answered, for the listed page. */
async function checks(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, origin: 'https://page.example' };
  return (await fetch(`${url}/v1/sites/acme/check?protocol=1&room=lobby`, { headers })).status;
}
