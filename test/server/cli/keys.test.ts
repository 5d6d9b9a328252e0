import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import { ORIGIN } from '../../support/backend.js';
import { promised } from '../../support/effort.js';
import { Talker } from '../../support/talker.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { dial } from '../../support/test-socket.js';
import { terminal } from './chalk-talk.js';

const enter = async (t: TestContext, url: string, token: unknown): Promise<Talker> => {
  const auth = { token: String(token), protocol: PROTOCOL_VERSION };
  const socket = dial(url, { site: 'acme', auth, headers: { origin: ORIGIN } });
  t.after(() => void socket.disconnect());
  const talker = new Talker(socket);
  await talker.hears('welcome');
  return talker;
};

test('who came with a key is out within a second of its revocation, and nobody else', async t => {
  const { app, shows, answers } = await terminal(t);
  const people = new Map<string, Talker>();
  for (const kid of ['old', 'new']) {
    await shows('keys', 'add', 'acme', '--kid', kid);
    const sign = ['tokens', 'sign', 'acme', '--person', kid, '--room', 'lobby=member', '--kid', kid];
    const { token } = await answers(...sign);
    people.set(kid, await enter(t, app.url, token));
  }
  const [old, other] = [people.get('old'), people.get('new')];
  assert.ok(old && other);
  const bye = old.hears('bye').then(({ code }) => ({ code, at: performance.now() }));
  assert.match(await shows('keys', 'revoke', 'acme', 'old'), /old is revoked/);
  // The command ends after the server has answered, so that what is measured from here is at most
  // the way back.
  const revoked = performance.now();
  const { code, at } = await bye;
  assert.equal(code, 'token_invalid');
  assert.ok(at - revoked < promised(1_000));
  await old.ended();
  assert.ok(other.socket.connected);
  assert.match(await shows('sites', 'list'), /^acme +Acme +1 /m);
});

test('a key is added: its secret is shown once, with what to do next', async t => {
  const { app, shows, answers } = await terminal(t);
  assert.match(await shows('keys', 'list', 'acme'), /No keys yet/);
  const added = await shows('keys', 'add', 'acme', '--kid', 'first', '--for-servers');
  const secret = /^secret {2}([A-Za-z0-9_-]{43})$/m.exec(added)?.[1];
  assert.ok(secret);
  assert.match(added, /only time that it is shown/);
  assert.ok(added.includes(`<script type="module" src="${app.url}/v1/chalk-talk.js"></script>`));
  assert.match(added, /<chalk-talk site="acme" room="algebra-101" token-url="\/chalk-token"><\/chalk-talk>/);
  const [titles, row] = (await shows('keys', 'list', 'acme')).split('\n');
  assert.match(titles ?? '', /^KEY +ALGORITHM +FOR +ADDED +REVOKED$/);
  assert.match(row ?? '', /^first +HS256 +pages, servers +\d{4}-\d\d-\d\d \d\d:\d\d UTC \(.+\) +-$/);
  const { keys } = (await answers('keys', 'list', 'acme')) as { keys: { kid: string }[] };
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ['first'],
  );
  assert.ok(!JSON.stringify(keys).includes(secret));
});

test('public keys are read from files; a private one is not sent', async t => {
  const { answers, shows, refuses, type } = await terminal(t);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const folder = await temporaryFolder(t);
  const [pub, secret] = [join(folder, 'key.pub.pem'), join(folder, 'key.pem')];
  await writeFile(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const add = ['keys', 'add', 'acme', '--algorithm', 'eddsa', '--kid', 'ed'];
  assert.match(await refuses(...add, '--public-key', secret), /Nothing was sent.*\[private_key\]/);
  assert.match(await refuses(...add, '--public-key', join(folder, 'none')), /\[file_unreadable\]/);
  assert.equal((await type(...add)).code, 2);
  const key = await answers(...add, '--public-key', pub);
  assert.equal(key['algorithm'], 'EdDSA');
  assert.equal(key['secret'], undefined);
  assert.match(
    await refuses('keys', 'rotate', 'acme', 'ed', '--public-key', pub),
    /this very key as ed.*\[key_exists\]/,
  );
  await writeFile(pub, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  assert.ok(!(await shows('keys', 'rotate', 'acme', 'ed', '--public-key', pub)).includes('secret'));
});

test('rotating adds a key of the same kind, and the old one stays', async t => {
  const { answers, shows, refuses } = await terminal(t);
  await shows('keys', 'add', 'acme', '--kid', 'old', '--for-servers');
  const rotated = await shows('keys', 'rotate', 'acme', 'old');
  assert.match(rotated, /^secret {2}/m);
  assert.match(rotated, /chalk-talk keys revoke acme old/);
  const { keys } = (await answers('keys', 'list', 'acme')) as {
    keys: { kid: string; forServers: boolean; revokedAt: number | null }[];
  };
  assert.equal(keys.length, 2);
  for (const { forServers, revokedAt } of keys) assert.deepEqual([forServers, revokedAt], [true, null]);
  await shows('keys', 'revoke', 'acme', 'old');
  assert.match(await refuses('keys', 'rotate', 'acme', 'old'), /\[key_unknown\]/);
  assert.match(await shows('keys', 'list', 'acme'), /^old .*UTC.*UTC/m);
});

test('a key is marked for servers and back', async t => {
  const { answers, shows, refuses } = await terminal(t);
  await shows('keys', 'add', 'acme', '--kid', 'first');
  assert.equal((await answers('keys', 'mark', 'acme', 'first'))['forServers'], true);
  assert.equal((await answers('keys', 'unmark', 'acme', 'first'))['forServers'], false);
  assert.match(await shows('keys', 'mark', 'acme', 'first'), /good for bots and servers too/);
  assert.match(await refuses('keys', 'mark', 'acme', 'other'), /\[key_unknown\]/);
});

test('a token to try out says until when it is good', async t => {
  const { answers, shows, type } = await terminal(t);
  await shows('keys', 'add', 'acme');
  const sign = ['tokens', 'sign', 'acme', '--person', 'ann', '--room', 'lobby=member', '--room', 'course-*=viewer'];
  const [token, , until] = (await shows(...sign, '--lifetime', '30m')).split('\n');
  assert.match(token ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.match(until ?? '', /ends .* UTC \(in \d\d minutes\)/);
  const { expires } = await answers(...sign, '--lifetime', '8h', '--name', 'Ann');
  assert.ok(typeof expires === 'number' && Math.abs(expires - Date.now() - 8 * 3_600_000) < 60_000);
  for (const wrong of [
    ['--lifetime', '3 weeks'],
    ['--room', 'lobby'],
    ['--room', 'lobby=owner'],
  ]) {
    assert.equal((await type(...sign, ...wrong)).code, 2);
  }
});
