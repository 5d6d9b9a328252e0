import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';

import { newDatabase } from '../../../../server/storage/sqlite/database.js';
import { openSqlite } from '../../../../server/storage/sqlite/open-sqlite.js';
import { roomKey } from '../../../support/room-key.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { keep, site } from '../contract/home.js';
import { posted } from '../../../support/commands.js';

const SECRET_KEY = 'the operator keeps this one to themselves';
const ROOM = roomKey('acme', 'algebra');

async function open(t: TestContext, file: string, secretKey = SECRET_KEY) {
  const storage = await openSqlite({ file, secretKey, lockPatience: 0 });
  t.after(() => storage.close());
  return storage;
}

/**
 * A database with some pages, and the files of one that was not closed: what was kept last lies in
 * its log.
 */
async function files(t: TestContext): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = await temporaryFolder(t);
  const [live, left] = [join(folder, 'live'), join(folder, 'left')];
  for (const path of [live, left]) await mkdir(path);
  // So long that each row of the log has a page of its own.
  const text = 'x'.repeat(3_900);
  const first = await open(t, join(live, 'talk.db'));
  await first.putSite(site('acme'));
  await keep(
    first,
    ROOM,
    Array.from({ length: 100 }, () => posted(text)),
  );
  await first.close();
  const second = await open(t, join(live, 'talk.db'));
  await keep(second, ROOM, [posted('kept last')]);
  for (const name of ['talk.db', 'talk.db-wal']) await copyFile(join(live, name), join(left, name));
  return { folder: left, file: join(left, 'talk.db') };
}

/**
 * What there is in a folder, by name; but for what SQLite puts beside a database while it reads,
 * and what holds nothing.
 */
async function contentsOf(folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length > 0 && !name.endsWith('-shm')) lines.push(`${name}: ${bytes.length} bytes, ${digest}`);
  }
  return lines;
}

/** Overwrites a part of a file. */
async function scribble(path: string, from: number, length: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.fill(0xa5, from, from + length);
  await writeFile(path, bytes);
}

const change = (sql: string) => (file: string) => {
  const database = newDatabase(file);
  database.exec(sql);
  database.close();
};

suite('a file that is not as it was left is refused in words, and nothing of it is changed', () => {
  const cases: readonly {
    readonly title: string;
    readonly harm: (file: string) => Promise<void> | void;
    readonly says: RegExp;
  }[] = [
    {
      title: 'another file',
      harm: file => writeFile(file, 'Dear friend, '.repeat(2_000)),
      says: /talk\.db is no database of Chalk Talk.*restore a backup/,
    },
    {
      title: "another program's database",
      harm: async file => {
        for (const ending of ['', '-wal']) await rm(file + ending);
        change('CREATE TABLE recipe (name TEXT)')(file);
      },
      says: /talk\.db is no database of Chalk Talk/,
    },
    {
      title: 'a database whose end is missing',
      harm: async file => {
        // Without its log, which might hold what is missing.
        await rm(`${file}-wal`);
        await truncate(file, 40 * 4_096);
      },
      says: /talk\.db is damaged.*restore a backup/,
    },
    {
      title: 'a database that is empty, with its log',
      harm: file => truncate(file, 0),
      says: /talk\.db is missing or empty/,
    },
    { title: 'a log without its database', harm: file => rm(file), says: /talk\.db is missing or empty/ },
    {
      title: 'a database with a page that says nothing',
      harm: file => scribble(file, 60 * 4_096, 8_192),
      says: /talk\.db is damaged.*restore a backup/,
    },
    {
      title: 'a log that is none',
      harm: file => writeFile(`${file}-wal`, Buffer.alloc(40_000, 0xa5)),
      says: /talk\.db-wal, which holds what was kept last, is damaged/,
    },
    {
      title: 'a log whose beginning is damaged',
      harm: file => scribble(`${file}-wal`, 17, 1),
      says: /talk\.db-wal, which holds what was kept last, is damaged/,
    },
    {
      title: 'a database of a newer program',
      harm: change('PRAGMA user_version = 1000'),
      says: /talk\.db has schema version 1000.*newer program/,
    },
  ];
  for (const { title, harm, says } of cases) {
    test(title, async t => {
      const { folder, file } = await files(t);
      await harm(file);
      const before = await contentsOf(folder);
      await assert.rejects(open(t, file), { name: 'StorageError', message: says });
      assert.deepEqual(await contentsOf(folder), before);
    });
  }

  test('a secret key that is another one', async t => {
    const { folder, file } = await files(t);
    const before = await contentsOf(folder);
    const refused = { name: 'StorageError', message: /SECRET_KEY is not the one that sealed the keys in .*talk\.db/ };
    await assert.rejects(open(t, file, 'another'), refused);
    assert.deepEqual(await contentsOf(folder), before);
  });
});

test('what was not closed is whole again when it is opened, and what was kept last is there', async t => {
  const { folder, file } = await files(t);
  const storage = await open(t, file);
  assert.equal((await storage.snapshot(ROOM)).messages.at(-1)?.text, 'kept last');
  assert.deepEqual((await readdir(folder)).sort(), ['talk.db', 'talk.db-wal']);
});

test('a log that a power cut left without a beginning is taken for empty, as SQLite does', async t => {
  for (const beginning of [Buffer.alloc(0), Buffer.alloc(20, 1), Buffer.alloc(8_192)]) {
    const { file } = await files(t);
    await writeFile(`${file}-wal`, beginning);
    assert.equal((await (await open(t, file)).head(ROOM)).seq, 100);
  }
});

test('a first start that was broken off is taken up', async t => {
  const file = join(await temporaryFolder(t), 'talk.db');
  const database = newDatabase(file);
  database.pragma('journal_mode = WAL');
  database.close();
  await (await open(t, file)).putSite(site('acme'));
});

test('a file that another program has locked is left alone, and can be used when that has ended', async t => {
  const { file } = await files(t);
  const library = import.meta.resolve('better-sqlite3');
  const script = `
    import Sqlite from ${JSON.stringify(library)};
    const database = new Sqlite(${JSON.stringify(file)});
    database.exec('BEGIN IMMEDIATE');
    console.log('locked');
    setInterval(() => undefined, 1_000);`;
  const other = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  const refused = {
    name: 'StorageError',
    fault: 'locked',
    message: /Another program is using .*talk\.db.*DATABASE_URL/,
  };
  await assert.rejects(open(t, file), refused);
  const ended = once(other, 'exit');
  other.kill('SIGKILL');
  await ended;
  const storage = await open(t, file);
  assert.equal((await storage.head(ROOM)).seq, 101);

  // And the other way round: while the server runs, nobody else gets in, and the server does not
  // notice.
  const intruder = newDatabase(file, { timeout: 0 });
  t.after(() => void intruder.close());
  assert.throws(() => intruder.exec('BEGIN IMMEDIATE'), { code: 'SQLITE_BUSY' });
  await keep(storage, ROOM, [posted('undisturbed')]);
});

suite('files that go while they are in use', () => {
  for (const name of ['talk.db', 'talk.db-wal']) {
    test(`nothing is kept in a ${name} that nobody would find, and all goes on when it is back`, async t => {
      const { folder, file } = await files(t);
      const storage = await open(t, file);
      await rename(join(folder, name), join(folder, 'elsewhere'));
      const text = 'meanwhile';
      const gone = { name: 'StorageError', fault: 'missing', message: new RegExp(`${name} was removed or replaced`) };
      await assert.rejects(keep(storage, ROOM, [posted(text)]), gone);
      await writeFile(join(folder, name), 'something else');
      await assert.rejects(storage.putSite(site('zeta')), gone);
      assert.equal((await storage.head(ROOM)).seq, 101, 'what there is can be read');
      // What the server holds can still be saved, as the message says.
      await storage.backup(join(folder, 'backup.db'));
      await rename(join(folder, 'elsewhere'), join(folder, name));
      await keep(storage, ROOM, [posted(text)]);
      assert.equal((await storage.head(ROOM)).seq, 102);
      await storage.close();
      assert.equal((await (await open(t, file)).head(ROOM)).seq, 102);
      assert.equal((await (await open(t, join(folder, 'backup.db'))).head(ROOM)).seq, 101);
    });
  }
});

suite('damage that is met while the server runs', () => {
  test('costs the room whose page it is, and nothing is acknowledged there', async t => {
    const { file } = await files(t);
    const fresh = roomKey('acme', 'fresh');
    const storage = await open(t, file);
    // What it has not read so far.
    await scribble(file, 60 * 4_096, 8_192);
    const damaged = { name: 'StorageError', fault: 'damaged', message: /talk\.db/ };
    await assert.rejects(storage.tail(ROOM, 0, 1_000), damaged);
    await keep(storage, fresh, [posted('elsewhere')]);
    assert.equal((await storage.snapshot(fresh)).messages.length, 1);
  });

  test('a row that is not what was written is damage too', async t => {
    const { file } = await files(t);
    change(`UPDATE event SET payload = '{' WHERE seq = 7`)(file);
    const storage = await open(t, file);
    await assert.rejects(storage.tail(ROOM, 0, 1_000), { name: 'StorageError', fault: 'damaged' });
    assert.equal((await storage.tail(ROOM, 7, 1_000)).length, 94);
  });
});
