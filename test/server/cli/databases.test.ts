import assert from 'node:assert/strict';
import { access, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { migrate, MIGRATIONS } from '../../../server/storage/sqlite/migrations/index.js';
import { newDatabase } from '../../../server/storage/sqlite/database.js';
import { openVault } from '../../../server/storage/sqlite/database-secrets.js';
import { newPostgresDatabase } from '../../support/postgres-server.js';
import { SECRET_KEY } from '../../support/secret-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { startProcess } from '../server-process.js';
import { chalkTalk, terminalAt } from './chalk-talk.js';

async function newFile(t: TestContext): Promise<string> {
  return join(await temporaryFolder(t), 'data', 'chalk-talk.db');
}

/** A server, and its operator at a terminal. */
async function served(t: TestContext, database: string) {
  const server = startProcess(t, { ADMIN_TOKEN, DATABASE_URL: database });
  const end = async () => {
    server.signal('SIGTERM');
    assert.equal((await server.ended).code, 0);
  };
  return { ...terminalAt({ url: await server.listening() }), end };
}

/** A command that works on databases by itself. */
async function works(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<string> {
  const { code, output, complaints } = await chalkTalk({ SECRET_KEY, ...environment }, ...words);
  assert.equal(code, 0, complaints);
  assert.equal(complaints, '');
  return output;
}

async function fails(environment: Readonly<Record<string, string>>, ...words: string[]): Promise<string> {
  const { code, output, complaints } = await chalkTalk({ SECRET_KEY, ...environment }, ...words);
  assert.notEqual(code, 0, output);
  return complaints;
}

test('migrate says from which form to which, and whom it would disturb', async t => {
  const file = await newFile(t);
  const DATABASE_URL = `sqlite:${file}`;
  const present = MIGRATIONS.length;
  assert.equal(await works({ DATABASE_URL }, 'migrate'), `${file} is new, and has schema version ${present}.\n`);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(
    await works({ DATABASE_URL }, 'migrate'),
    `${file} has schema version ${present}, the one of this program, already.\n`,
  );
  const server = await served(t, DATABASE_URL);
  assert.match(await fails({ DATABASE_URL }, 'migrate'), /in use: a server runs on it.*\[migrate_failed\]/);
  await server.end();

  const old = join(await temporaryFolder(t), 'old.db');
  const database = newDatabase(old);
  migrate(database, MIGRATIONS.slice(0, 1));
  openVault(database, SECRET_KEY);
  database.close();
  const wrong = { DATABASE_URL: `sqlite:${old}`, SECRET_KEY: 'x'.repeat(32) };
  assert.match(await fails(wrong, 'migrate'), /SECRET_KEY.*\[migrate_failed\]/);
  const migrated = await works({ DATABASE_URL: `sqlite:${old}` }, 'migrate');
  assert.equal(migrated, `${old} had schema version 1, and has ${present} now.\n`);
});

test('migrate makes an empty database of PostgreSQL ready, also while servers run on it', async t => {
  const url = await newPostgresDatabase(t);
  const DATABASE_URL = `${url.replace('@', ':hush@')}?application_name=migrating`;
  assert.match(
    await works({ DATABASE_URL }, 'migrate'),
    /^the database \w+ at 127\.0\.0\.1:\d+ is new, and has schema version 2\.$/m,
  );
  const server = await served(t, url);
  assert.match(await works({ DATABASE_URL }, 'migrate'), / has schema version 2, the one of this program, already\.$/m);
  await server.end();
  const away = await fails({ DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/chalk' }, 'migrate');
  assert.match(away, /ECONNREFUSED.*\[migrate_failed\]/);
  assert.doesNotMatch(away, /hush/);
});

test('a site moves from SQLite to PostgreSQL, and back by a backup', async t => {
  const [file, url] = [await newFile(t), await newPostgresDatabase(t)];
  const first = await served(t, `sqlite:${file}`);
  await first.shows('sites', 'add', 'acme', '--name', 'Acme School');
  await first.shows('keys', 'add', 'acme', '--kid', 'kept');
  const copy = ['copy', '--from', `sqlite:${file}`, '--to', url];
  assert.match(await fails({}, ...copy), /in use: a server runs on it.*\[copy_failed\]/);
  await first.end();
  assert.match(await fails({ SECRET_KEY: 'x'.repeat(32) }, ...copy), /SECRET_KEY.*\[copy_failed\]/);
  const copied = await works({}, ...copy);
  assert.match(copied, /^TABLE +ROWS$/m);
  assert.match(copied, /^site_key +1$/m);
  assert.match(copied, /start servers on it, and never again on .*chalk-talk\.db\./);
  assert.match(await fails({}, ...copy), /already.*\[copy_failed\]/);

  const second = await served(t, url);
  assert.match(await second.shows('sites', 'show', 'acme'), /Acme School/);
  await second.shows('keys', 'add', 'acme', '--kid', 'new');
  const backup = join(await temporaryFolder(t), 'backup.db');
  assert.match(await second.shows('backup', backup), /backup\.db: .* KB\./);
  assert.equal((await stat(backup)).mode & 0o777, 0o600);
  await second.end();

  const [restored, other] = [await newFile(t), await newPostgresDatabase(t)];
  for (const DATABASE_URL of [`sqlite:${restored}`, other]) {
    assert.match(await works({ DATABASE_URL }, 'restore', backup), /is made from .*backup\.db\. Start the server/);
    assert.match(await fails({ DATABASE_URL }, 'restore', backup), /already.*\[restore_failed\]/);
    const third = await served(t, DATABASE_URL);
    assert.match(await third.shows('keys', 'list', 'acme'), /^kept .*\n^new /m);
    await third.end();
  }
});

test('a copy that was not asked for as it must be is not begun', async t => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'data'));
  const to = `sqlite:${join(folder, 'copy.db')}`;
  for (const words of [
    ['--to', to],
    ['--from', to],
    ['--from', 'x.db', '--to', to],
  ]) {
    const { code, complaints } = await chalkTalk({ SECRET_KEY }, 'copy', ...words);
    assert.equal(code, 2);
    assert.match(complaints, /^--(from|to) (is missing\.|must be `sqlite:`)/);
    assert.match(complaints, /^usage: chalk-talk copy --from URL --to URL$/m);
  }
  const wrong = await chalkTalk({ SECRET_KEY }, 'copy', '--from', 'postgres://me:hush#@db/chalk', '--to', to);
  assert.equal(wrong.code, 2);
  assert.doesNotMatch(wrong.complaints, /hush/);
  assert.match(
    (await chalkTalk({}, 'copy', '--from', to, '--to', to)).complaints,
    /SECRET_KEY is missing.*\[environment\]/s,
  );
  await assert.rejects(access(join(folder, 'copy.db')));
});

test('help says which commands need no running server', async () => {
  const help = await works({}, 'help');
  for (const name of ['copy', 'migrate', 'restore FILE']) assert.match(help, new RegExp(`^  ${name} `, 'm'));
  assert.match(
    help.replace(/\s+/g, ' '),
    /All but `serve`, `restore`, `copy` and `migrate` talk to the running server/,
  );
});
