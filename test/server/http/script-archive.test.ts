import assert from 'node:assert/strict';
import { cp, mkdir, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { createLog } from '../../../server/log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { loneApp } from './lone-app.js';

/** Servers of several versions, one after the other over one folder of scripts. */
async function setUp(t: TestContext) {
  const scriptsDir = join(await temporaryFolder(t), 'data', 'scripts');
  const warnings: string[] = [];
  const log = createLog('warn', { write: line => void warnings.push(line) });
  return {
    scriptsDir,
    warnings,
    /**
     * Runs a version whose bundle holds these files; answers what is at a path, or the status where
     * nothing is.
     */
    serve: async (version: string, files: Readonly<Record<string, string>>) => {
      const bundleDir = await temporaryFolder(t);
      for (const [name, text] of Object.entries(files)) await writeFile(join(bundleDir, name), text);
      const app = await loneApp(t, { version, bundleDir, scriptsDir, log });
      return async (path: string, headers: Record<string, string> = {}) => {
        const answer = await fetch(app.url + path, { headers });
        return answer.ok ? answer.text() : answer.status;
      };
    },
  };
}

const FIRST = { 'chalk-talk.js': 'first', 'sketch-aaaaaaaa.js': 'sketch 1', 'board-same0000.js': 'board' };
const SECOND = { 'chalk-talk.js': 'second', 'sketch-bbbbbbbb.js': 'sketch 2', 'board-same0000.js': 'board' };

test('after an update, pages of the earlier version still get what they ask for', async t => {
  const { serve, warnings } = await setUp(t);
  const before = await serve('1.0.0', { ...FIRST, 'sketch-aaaaaaaa.js.gz': 'not sent under this name' });
  assert.equal(await before('/v1/sketch-aaaaaaaa.js', { 'accept-encoding': 'identity' }), 'sketch 1');
  const get = await serve('1.1.0', SECOND);
  assert.equal(await get('/v1/chalk-talk.js'), 'second');
  assert.equal(await get('/v1/1.1.0/chalk-talk.js'), 'second');
  assert.equal(await get('/v1/1.0.0/chalk-talk.js'), 'first');
  assert.equal(await get('/v1/sketch-bbbbbbbb.js'), 'sketch 2');
  assert.equal(await get('/v1/sketch-aaaaaaaa.js', { 'accept-encoding': 'identity' }), 'sketch 1');
  assert.equal(await get('/v1/1.0.0/sketch-aaaaaaaa.js', { 'accept-encoding': 'identity' }), 'sketch 1');
  assert.equal(await get('/v1/board-same0000.js'), 'board');
  // Each version has its own files only.
  assert.equal(await get('/v1/1.1.0/sketch-aaaaaaaa.js'), 404);
  assert.equal(await get('/v1/1.0.0/sketch-bbbbbbbb.js'), 404);
  assert.equal(await get('/v1/1.0.0/sketch-aaaaaaaa.js.gz'), 404);
  assert.equal(await get('/v1/1.2.0/chalk-talk.js'), 404);
  assert.deepEqual(warnings, []);
});

test('a name without a hash floats with the version that runs, also back', async t => {
  const { serve } = await setUp(t);
  await serve('1.1.0', { ...SECOND, 'extra.js': 'only here' });
  const get = await serve('1.0.0', FIRST);
  assert.equal(await get('/v1/chalk-talk.js'), 'first');
  assert.equal(await get('/v1/extra.js'), 404);
  assert.equal(await get('/v1/1.1.0/extra.js'), 'only here');
});

test('what is the same stays, and what was built anew takes its place', async t => {
  const { serve, scriptsDir } = await setUp(t);
  await serve('1.0.0', FIRST);
  await writeFile(join(scriptsDir, '1.0.0', '.touched'), '');
  await serve('1.0.0', FIRST);
  assert.ok((await readdir(join(scriptsDir, '1.0.0'))).includes('.touched'));
  await serve('1.0.0', SECOND);
  const get = await serve('2.0.0', { 'chalk-talk.js': 'third' });
  assert.equal(await get('/v1/1.0.0/chalk-talk.js'), 'second');
  assert.equal(await get('/v1/sketch-aaaaaaaa.js'), 404);
  assert.deepEqual((await readdir(scriptsDir)).sort(), ['1.0.0', '2.0.0']);
});

test('what is damaged is not served, the log says so, and its own version mends it', async t => {
  const { serve, scriptsDir, warnings } = await setUp(t);
  for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.0.3']) await serve(version, FIRST);
  await truncate(join(scriptsDir, '1.0.0', 'sketch-aaaaaaaa.js'), 3);
  await rm(join(scriptsDir, '1.0.1', 'sketch-aaaaaaaa.js'));
  await rm(join(scriptsDir, '1.0.2', '.files.json'));
  await writeFile(join(scriptsDir, '1.0.3', 'more.js'), 'nobody put this here');
  const get = await serve('1.1.0', SECOND);
  for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.0.3']) {
    assert.equal(await get(`/v1/${version}/chalk-talk.js`), 404, version);
    assert.ok(warnings.some(line => line.includes(version) && line.includes('damaged')));
  }
  assert.equal(await get('/v1/sketch-aaaaaaaa.js'), 404);
  assert.equal(await get('/v1/chalk-talk.js'), 'second');
  await serve('1.0.0', FIRST);
  const mended = await serve('1.1.0', SECOND);
  assert.equal(await mended('/v1/1.0.0/sketch-aaaaaaaa.js'), 'sketch 1');
});

test('what a server left that was killed in the middle is neither served nor in the way', async t => {
  const { serve, scriptsDir, warnings } = await setUp(t);
  for (const left of ['.1.0.0.new', '.1.0.0.old']) {
    await mkdir(join(scriptsDir, left), { recursive: true });
    await writeFile(join(scriptsDir, left, 'chalk-talk.js'), 'half');
  }
  const get = await serve('1.0.0', FIRST);
  assert.equal(await get('/v1/1.0.0/chalk-talk.js'), 'first');
  assert.equal(await get('/v1/.1.0.0.new/chalk-talk.js'), 404);
  assert.deepEqual(await readdir(scriptsDir), ['1.0.0']);
  assert.deepEqual(warnings, []);
});

test('only versions are looked at, and nothing outside of them is reached', async t => {
  const { serve, scriptsDir } = await setUp(t);
  await serve('1.0.0', FIRST);
  const whole = join(scriptsDir, '1.0.0');
  const outside = await temporaryFolder(t);
  await cp(whole, outside, { recursive: true });
  await symlink(outside, join(scriptsDir, '1.0.5'));
  for (const name of ['latest', '1', '1.0', 'v1.0.0', '1.0.0+build', '1.0.0-', '..1.0.0']) {
    await cp(whole, join(scriptsDir, name), { recursive: true });
  }
  await symlink(join(outside, 'chalk-talk.js'), join(whole, 'link.js'));
  const get = await serve('1.1.0', SECOND);
  assert.equal(await get('/v1/1.0.0/chalk-talk.js'), 'first');
  for (const path of [
    '/v1/1.0.5/chalk-talk.js',
    '/v1/1.0.0/link.js',
    '/v1/latest/chalk-talk.js',
    '/v1/1.0/chalk-talk.js',
    '/v1/v1.0.0/chalk-talk.js',
    '/v1/1.0.0+build/chalk-talk.js',
    '/v1/1.0.0/.files.json',
    '/v1/1.0.0/..%2f1.0.0%2fchalk-talk.js',
    '/v1/1.0.0//chalk-talk.js',
  ]) {
    assert.equal(await get(path), 404, path);
  }
});

test('where they can not be kept, the log says so, and its own are served all the same', async t => {
  const { serve, scriptsDir, warnings } = await setUp(t);
  await mkdir(join(scriptsDir, '..'), { recursive: true });
  await writeFile(scriptsDir, 'a file where the folder should be');
  const get = await serve('1.0.0', FIRST);
  assert.equal(await get('/v1/chalk-talk.js'), 'first');
  assert.match(warnings.join(''), /could not be kept/);
});

test('where nothing is built, nothing is kept', async t => {
  const { serve, scriptsDir } = await setUp(t);
  await serve('1.0.0', FIRST);
  await serve('1.1.0', {});
  assert.deepEqual(await readdir(scriptsDir), ['1.0.0']);
});

test('nobody but the server may write where it keeps scripts, however widely what it was built from is open', async t => {
  const umask = process.umask(0);
  t.after(() => void process.umask(umask));
  const { serve, scriptsDir } = await setUp(t);
  await serve('1.0.0', FIRST);
  const names = await readdir(scriptsDir, { recursive: true });
  assert.ok(names.includes(join('1.0.0', 'chalk-talk.js')));
  for (const name of ['.', ...names]) {
    const { mode } = await stat(join(scriptsDir, name));
    assert.equal(mode & 0o022, 0, `${name} ${mode.toString(8)}`);
  }
});
