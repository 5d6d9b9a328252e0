import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { startBackend } from '../../support/backend.js';
import type { Scope } from '../../support/scope.js';

const SCRIPT = `/* the widget */ ${'export {};'.repeat(200)}`;

async function setUp(t: Scope) {
  const bundleDir = await mkdtemp(join(tmpdir(), 'chalk-bundle-'));
  t.after(() => rm(bundleDir, { recursive: true }));
  await mkdir(join(bundleDir, 'deep'));
  for (const name of ['chalk-talk.js', 'sketch-a1B2c3D4.js', 'deep/file.js']) {
    await writeFile(join(bundleDir, name), SCRIPT);
    await writeFile(join(bundleDir, `${name}.br`), brotliCompressSync(SCRIPT));
    await writeFile(join(bundleDir, `${name}.gz`), gzipSync(SCRIPT));
  }
  await writeFile(join(bundleDir, '.hidden.js'), 'secret');
  const backend = await startBackend(t, { bundleDir });
  const get = (path: string, headers: Record<string, string> = {}) => fetch(backend.url + path, { headers });
  return { get };
}

test('the script is for every page, compressed, and says how long it stays', async t => {
  const { get } = await setUp(t);
  const floating = await get('/v1/chalk-talk.js');
  assert.equal(await floating.text(), SCRIPT);
  assert.match(floating.headers.get('content-type') ?? '', /^text\/javascript|^application\/javascript/);
  assert.equal(floating.headers.get('access-control-allow-origin'), '*');
  assert.equal(floating.headers.get('cross-origin-resource-policy'), 'cross-origin');
  assert.equal(floating.headers.get('x-content-type-options'), 'nosniff');
  assert.match(floating.headers.get('vary') ?? '', /accept-encoding/i);
  assert.doesNotMatch(floating.headers.get('cache-control') ?? '', /immutable/);
  for (const path of ['/v1/0.0.0/chalk-talk.js', '/v1/0.0.0/sketch-a1B2c3D4.js', '/v1/sketch-a1B2c3D4.js']) {
    const lasting = await get(path);
    assert.match(lasting.headers.get('cache-control') ?? '', /max-age=31536000, immutable/, path);
    assert.equal(await lasting.text(), SCRIPT);
  }
});

test('it is sent as it lies there compressed', async t => {
  const { get } = await setUp(t);
  for (const [encoding, file] of [
    ['br', brotliCompressSync(SCRIPT)],
    ['gzip', gzipSync(SCRIPT)],
  ] as const) {
    const answer = await get('/v1/chalk-talk.js', { 'accept-encoding': encoding });
    assert.equal(answer.headers.get('content-encoding'), encoding);
    assert.equal(answer.headers.get('content-length'), String(file.length));
    assert.equal(await answer.text(), SCRIPT);
  }
  const plain = await get('/v1/chalk-talk.js', { 'accept-encoding': 'identity' });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(await plain.text(), SCRIPT);
});

test('who has it already is told so', async t => {
  const { get } = await setUp(t);
  const etag = (await get('/v1/chalk-talk.js')).headers.get('etag') ?? assert.fail();
  assert.equal((await get('/v1/chalk-talk.js', { 'if-none-match': etag })).status, 304);
  assert.equal((await get('/v1/chalk-talk.js', { 'if-none-match': 'W/"other"' })).status, 200);
});

test('nothing else of the disk is served', async t => {
  const { get } = await setUp(t);
  for (const path of [
    '/v1/../package.json',
    '/v1/%2e%2e/package.json',
    '/v1/..%2fpackage.json',
    '/v1/.hidden.js',
    '/v1/deep',
    '/v1/deep/',
    '/v1/9.9.9/chalk-talk.js',
    '/v1/chalk-talk.js/',
    '/v1/chalk-talk.js.br',
    '/v1/chalk-talk.js%00',
    '/v1//etc/passwd',
    '/v1/%zz',
  ]) {
    assert.equal((await get(path)).status, 404, path);
  }
});
