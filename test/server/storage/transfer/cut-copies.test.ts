import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { migratePostgres } from '../../../../server/storage/postgres/migrate.js';
import { copyDatabase } from '../../../../server/storage/transfer/transfer.js';
import { fillSqlite } from '../../../../server/storage/sqlite/copy.js';
import { TABLES } from '../../../../server/storage/tables.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { MAIN } from '../../cli/chalk-talk.js';
import { connected, contentOf, filled, newFile, newPostgres, SECRET_KEY } from './databases.js';
import { MESSAGES } from './everything.js';

const FILLING = new URL('../../../../server/storage/sqlite/copy.js', import.meta.url).href;
const [VAULT] = TABLES;

test('a copy to PostgreSQL that fails in the middle leaves it empty, and can be made again', async t => {
  const [from, to] = [await filled(t, await newFile(t)), await newPostgres(t)];
  await migratePostgres(to.url);
  const client = await connected(t, to);
  await client.query(`CREATE FUNCTION refuse() RETURNS trigger AS $$
    BEGIN IF NEW.seq = ${MESSAGES - 100} THEN RAISE 'a row too many'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER refuse BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION refuse()`);
  await assert.rejects(copyDatabase({ from, to, secretKey: SECRET_KEY }), /a row too many/);
  for (const { name } of TABLES) assert.equal((await client.query(`SELECT 1 FROM ${name}`)).rowCount, 0, name);
  await client.query('DROP TRIGGER refuse ON message');
  await copyDatabase({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await contentOf(to), await contentOf(from));
});

test('a command that is killed while it copies to PostgreSQL leaves it empty, and the first database as it was', async t => {
  const [from, to] = [await filled(t, await newFile(t)), await newPostgres(t)];
  const before = await contentOf(from);
  await migratePostgres(to.url);
  const client = await connected(t, to);
  await client.query(`CREATE FUNCTION wait() RETURNS trigger AS $$
    BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER wait BEFORE INSERT ON accepted EXECUTE FUNCTION wait(); SELECT pg_advisory_lock(1)`);
  const command = spawn(process.execPath, [MAIN, 'copy', '--from', `sqlite:${from.file}`, '--to', to.url], {
    env: { SECRET_KEY },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => void command.kill('SIGKILL'));
  assert.match(await someoneWaits(client), /INSERT INTO accepted/, 'all that comes before is copied');
  const gone = once(command, 'exit');
  command.kill('SIGKILL');
  await gone;
  assert.equal(command.signalCode, 'SIGKILL', 'it was killed, and had not ended by itself');
  await client.query('SELECT pg_advisory_unlock(1); DROP TRIGGER wait ON accepted');
  for (const { name } of TABLES) assert.equal((await client.query(`SELECT 1 FROM ${name}`)).rowCount, 0, name);
  assert.deepEqual(await contentOf(from), before);
  await copyDatabase({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await contentOf(to), before);
});

test('a copy to SQLite that fails or is killed in the middle is not there, and can be made again', async t => {
  const [from, to] = [await filled(t, await newPostgres(t)), await newFile(t)];
  const failing = fillSqlite(to.file, filling => {
    assert.ok(VAULT);
    void filling.add(VAULT, [[1, new Uint8Array(16), new Uint8Array(38)]]);
    return Promise.reject(new Error('the network is down'));
  });
  await assert.rejects(failing, { name: 'StorageError', message: /network is down/ });
  assert.deepEqual(await readdir(dirname(to.file)), []);

  const program = join(await temporaryFolder(t), 'half.mjs');
  await writeFile(
    program,
    `import { fillSqlite } from ${JSON.stringify(FILLING)};
     await fillSqlite(${JSON.stringify(to.file)}, async () => {
       console.log('half of it');
       await new Promise(resolve => setTimeout(resolve, 600_000));
     });`,
  );
  const half = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => void half.kill('SIGKILL'));
  await once(half.stdout, 'data');
  const gone = once(half, 'exit');
  half.kill('SIGKILL');
  await gone;
  await assert.rejects(access(to.file));
  await copyDatabase({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await contentOf(to), await contentOf(from));
  assert.deepEqual(
    (await readdir(dirname(to.file))).filter(name => name.includes('part')),
    [],
  );
});
