import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { chalkTalk, MAIN, terminal, terminalAt } from './chalk-talk.js';

test('status and usage are told to people and to programs', async t => {
  const { app, shows, answers, type } = await terminal(t);
  const status = await shows('status');
  assert.match(status, /^version +0\.0\.0$/m);
  assert.ok(status.includes(app.url));
  assert.equal((await answers('status'))['sites'], 1);
  assert.match(await shows('usage', 'acme'), /^DAY +MESSAGES +SHAPES +EVENTS +SIZE\ntotal +0 +0 +0 +0 bytes$/m);
  const usage = await answers('usage', 'acme', '--days', '7');
  assert.deepEqual([usage['site'], usage['days']], ['acme', []]);
  assert.equal((await type('usage', 'acme', '--days', 'x')).code, 2);
});

test('serve, back up while it runs, and restore elsewhere', async t => {
  const folder = await temporaryFolder(t);
  const environment = (name: string) => ({
    SECRET_KEY,
    ADMIN_TOKEN,
    PORT: '0',
    DATABASE_URL: `sqlite:${join(folder, name, 'chalk-talk.db')}`,
  });
  const serve = async (name: string) => {
    const child = spawn(process.execPath, [MAIN, 'serve'], {
      env: environment(name),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    t.after(() => void child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      const { url } = JSON.parse(line) as { url?: string };
      if (url === undefined) continue;
      child.stdout.resume();
      const end = async () => {
        child.kill('SIGTERM');
        await closed;
        return child.exitCode;
      };
      return { ...terminalAt({ url }), end };
    }
    throw new Error('It never listened.');
  };
  const first = await serve('first');
  await first.shows('sites', 'add', 'acme');
  await first.shows('keys', 'add', 'acme', '--kid', 'kept');
  const file = join(folder, 'backup.db');
  assert.match(await first.shows('backup', file), /backup\.db: .* KB\./);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match(await first.refuses('backup', file), /\[file_exists\]/);
  assert.match(await first.refuses('backup', join(folder, 'none', 'b.db')), /\[file_unwritable\]/);
  assert.equal(await first.end(), 0);
  assert.match(await first.refuses('backup', join(folder, 'late.db')), /\[server_not_reached\]/);
  assert.ok(!(await readdir(folder)).some(name => name.startsWith('late')));

  const restore = await chalkTalk(environment('second'), 'restore', file);
  assert.equal(restore.code, 0, restore.complaints);
  const second = await serve('second');
  assert.match(await second.shows('keys', 'list', 'acme'), /^kept /m);
  assert.equal(await second.end(), 0);

  const again = await chalkTalk(environment('second'), 'restore', file);
  assert.deepEqual([again.code, again.output], [1, '']);
  assert.match(again.complaints, /\[restore_failed\]/);
  const damaged = join(folder, 'damaged.db');
  await writeFile(damaged, (await readFile(file)).subarray(0, 5_000));
  assert.match((await chalkTalk(environment('third'), 'restore', damaged)).complaints, /\[restore_failed\]/);
  const bare = await chalkTalk({}, 'restore', file);
  assert.match(bare.complaints, /SECRET_KEY is missing[^]*\[environment\]/);
});

test('the token goes nowhere where others could read it, and nowhere without', async t => {
  const { app } = await terminal(t);
  const away = { ADMIN_TOKEN, CHALK_TALK_URL: 'http://chalk.example' };
  assert.match((await chalkTalk(away, 'status')).complaints, /plain http.*\[url_insecure\]/);
  assert.match((await chalkTalk(away, 'status', '--url', 'ftp://x')).complaints, /\[url_invalid\]/);
  const here = { CHALK_TALK_URL: app.url };
  assert.match((await chalkTalk(here, 'status')).complaints, /Set ADMIN_TOKEN.*\[admin_token_missing\]/);
  const wrong = await chalkTalk({ ...here, ADMIN_TOKEN: 'wrong' }, 'sites', 'list');
  assert.deepEqual([wrong.code, wrong.output], [1, '']);
  assert.match(wrong.complaints, /\[admin_token_invalid\]/);
  // The port alone tells of a server on this machine.
  assert.equal((await chalkTalk({ ADMIN_TOKEN, PORT: String(app.port) }, 'status')).code, 0);
});

test("a server without the operator's API, or another one, is told apart", async t => {
  const { type } = await terminal(t, { adminToken: undefined });
  assert.match((await type('status')).complaints, /start it with ADMIN_TOKEN set\. \[not_found\]/);
});

test('how it is called is helped with, and complained of', async t => {
  const { type, shows } = await terminal(t);
  const all = await shows('help');
  assert.match(all, /^ {2}sites origins add SITE ORIGIN\.\.\. +let pages/m);
  assert.equal(await shows('--help'), all);
  assert.equal(await shows(), all);
  assert.doesNotMatch(await shows('help', 'keys'), /sites/);
  const one = await shows('help', 'keys', 'add');
  assert.match(one, /^chalk-talk keys add SITE \[--kid KID\]/);
  assert.match(one, /--public-key FILE/);
  assert.equal(await shows('keys', 'add', '--help'), one);
  assert.match(await shows('--version'), /^\d+\.\d+\.\d+\n$/);
  assert.equal(await shows('sites'), await shows('help', 'sites'));
  assert.equal(await shows('sites', 'origins'), await shows('help', 'sites', 'origins'));
  assert.equal(await shows('keys', 'add', '-h'), one);
  for (const [words, complaint] of [
    [['sites', 'set', 'acme', '--retention-days', '0'], /--retention-days must be .*from 1 to 36500, or `never`/],
    [['sites', 'set', 'acme', '--retention-days', 'forever'], /or `never`/],
    [['sites', 'set', 'acme', '--stroke-times', 'yes'], /--stroke-times must be `on` or `off`/],
    [['tokens', 'sign', 'acme', '--person', 'ann', '--room', 'L=member'], /"L" is not a room.*lower-case/],
    [['frob'], /There is no command frob/],
    [['help', 'frob'], /There is no command frob/],
    [['sites', 'show'], /SITE is missing/],
    [['sites', 'origins', 'add', 'acme'], /ORIGIN is missing/],
    [['sites', 'show', 'acme', 'globex'], /a word too many: globex/],
    [['status', '--frob'], /--frob/],
    [['sites', 'set', 'acme', '--connections', 'many'], /--connections must be a whole number/],
    [['keys', 'add', 'acme', '--algorithm', 'none'], /--algorithm must be one of/],
  ] as const) {
    const { code, complaints, output } = await type(...words);
    assert.deepEqual([code, output], [2, ''], words.join(' '));
    assert.match(complaints, complaint);
    assert.match(complaints, /\nusage: chalk-talk /);
  }
});

test('programs read what is wrong as JSON', async t => {
  const { type } = await terminal(t);
  const refused = await type('sites', 'show', 'globex', '--json');
  assert.deepEqual([refused.code, refused.output], [1, '']);
  const { error } = JSON.parse(refused.complaints) as { error: { code: string; message: string } };
  assert.equal(error.code, 'site_unknown');
  assert.ok(error.message.length > 0);
  const misused = await type('sites', 'show', '--json');
  assert.equal(misused.code, 2);
  assert.match(misused.complaints, /^\{"error":\{"code":"usage","message":"SITE is missing\./);
});

test('secrets are in the clear neither in the database nor in the log', async t => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'data'));
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      SECRET_KEY,
      ADMIN_TOKEN,
      PORT: '0',
      LOG_LEVEL: 'trace',
      DATABASE_URL: `sqlite:${join(folder, 'data', 'chalk-talk.db')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const url = await new Promise<string>(resolve => {
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const listening = /"url":"([^"]+)"/.exec(log)?.[1];
      if (listening !== undefined) resolve(listening);
    });
  });
  const { shows, answers, type } = terminalAt({ url });
  await shows('sites', 'add', 'acme', '--guests', 'lobby=member', '--origin', 'https://page.example');
  const { secret } = await answers('keys', 'add', 'acme', '--kid', 'first');
  const { token } = await answers('tokens', 'sign', 'acme', '--person', 'ann', '--room', 'lobby=member');
  await type('keys', 'add', 'acme', '--kid', 'first');
  await chalkTalk({ CHALK_TALK_URL: url, ADMIN_TOKEN: 'a-wrong-admin-token' }, 'status');
  const headers = { authorization: `Bearer ${String(token)}`, origin: 'https://page.example' };
  await fetch(`${url}/v1/sites/acme/rooms/lobby/snapshot`, { headers });
  const backup = join(folder, 'backup.db');
  await shows('backup', backup);
  const secrets = [secret, token, ADMIN_TOKEN, SECRET_KEY, 'a-wrong-admin-token'].map(String);
  secrets.push(secrets[1]?.split('.')[2] ?? '');
  const holds = (text: string | Buffer) => secrets.filter(one => one.length < 8 || text.includes(one));
  // While it runs, so that what SQLite keeps beside the file is looked into too.
  const files = (await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true })).filter(entry =>
    entry.isFile(),
  );
  assert.ok(files.length > 0);
  for (const { parentPath, name } of files) assert.deepEqual(holds(await readFile(join(parentPath, name))), [], name);
  assert.deepEqual(holds(await readFile(backup)), []);
  child.kill('SIGTERM');
  await closed;
  assert.match(log, /a key was added/);
  assert.deepEqual(holds(log), []);
});
