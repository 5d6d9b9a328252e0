import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';

import { migratePostgres } from '../../../../server/storage/postgres/migrate.js';
import { migrate, MIGRATIONS } from '../../../../server/storage/sqlite/migrations/index.js';
import { newDatabase } from '../../../../server/storage/sqlite/database.js';
import { openVault } from '../../../../server/storage/sqlite/database-secrets.js';
import { PostgresDriver } from '../../../../server/storage/postgres/postgres-driver.js';
import { copyDatabase, type CopyOptions } from '../../../../server/storage/transfer/transfer.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { site } from '../contract/home.js';
import { connected, contentOf, filled, newFile, newPostgres, open, SECRET_KEY } from './databases.js';

async function refuses(
  options: Omit<CopyOptions, 'secretKey'>,
  message: RegExp,
  secretKey = SECRET_KEY,
): Promise<void> {
  await assert.rejects(copyDatabase({ ...options, secretKey }), fault => {
    assert.ok(fault instanceof Error);
    assert.equal(fault.name, 'StorageError');
    assert.match(fault.message, message);
    return true;
  });
}

test('nothing is copied to where something is', async t => {
  const from = await filled(t, await newFile(t));
  const before = await contentOf(from);
  for (const to of [await newFile(t), await newPostgres(t)]) {
    const other = await open(t, to);
    await other.putSite(site('other'));
    await other.close();
    const there = await contentOf(to);
    await refuses({ from, to }, /already/);
    assert.deepEqual(await contentOf(to), there);
    await refuses({ from: to, to }, /already|in use/);
    assert.deepEqual(await contentOf(to), there);
  }
  assert.deepEqual(await contentOf(from), before);
});

test('a database of PostgreSQL that a server was started on, but holds nothing, is empty', async t => {
  const [from, to] = [await filled(t, await newFile(t)), await newPostgres(t)];
  await (await open(t, to)).close();
  await copyDatabase({ from, to, secretKey: SECRET_KEY });
  assert.deepEqual(await contentOf(to), await contentOf(from));
});

test('nothing is copied from or to what a server runs on', async t => {
  const [file, postgres] = [await filled(t, await newFile(t)), await filled(t, await newPostgres(t))];
  for (const from of [file, postgres]) {
    const server = await open(t, from);
    await refuses({ from, to: await newFile(t) }, /in use: a server runs on it/);
    await refuses({ from, to: await newPostgres(t) }, /in use: a server runs on it/);
    await server.close();
  }
  const to = await newPostgres(t);
  const server = await open(t, to);
  await refuses({ from: file, to }, /in use: a server runs on it/);
  await server.close();
  await copyDatabase({ from: file, to, secretKey: SECRET_KEY });
});

test('no server can be started on what is just copied', async t => {
  for (const from of [await filled(t, await newFile(t)), await filled(t, await newPostgres(t))]) {
    const to = await newPostgres(t);
    // It has a vault of its own, which a server must not go by any more.
    await (await open(t, to)).close();
    const client = await connected(t, to);
    // Whoever copies comes to the first site and no farther.
    await client.query(`CREATE FUNCTION wait() RETURNS trigger AS $$
      BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$ LANGUAGE plpgsql;
      CREATE TRIGGER wait BEFORE INSERT ON site EXECUTE FUNCTION wait(); SELECT pg_advisory_lock(1)`);
    const copying = copyDatabase({ from, to, secretKey: SECRET_KEY });
    assert.match(await someoneWaits(client), /INSERT INTO site/);
    await assert.rejects(open(t, to), { name: 'StorageError', message: /holds the database/ });
    if (from.engine === 'sqlite') await assert.rejects(open(t, from), /Another program is using/);
    else {
      const server = await open(t, from);
      await assert.rejects(server.putSite(site('late')), { name: 'StorageError', message: /holds the database/ });
      await server.close();
    }
    await client.query('SELECT pg_advisory_unlock(1)');
    await copying;
    assert.deepEqual(await contentOf(to), await contentOf(from));
  }
});

test('what is no database, or none of this form and secret key, is refused in words', async t => {
  const to = await newFile(t);
  const [missing, empty, foreign, old] = [await newFile(t), await newFile(t), await newFile(t), await newFile(t)];
  await writeFile(empty.file, '');
  await writeFile(foreign.file, 'Dear friend, '.repeat(1_000));
  const database = newDatabase(old.file);
  migrate(database, MIGRATIONS.slice(0, 1));
  openVault(database, SECRET_KEY);
  database.close();
  const bytes = await readFile(old.file);
  await refuses({ from: missing, to }, /There is no database/);
  await refuses({ from: empty, to }, /There is no database/);
  await refuses({ from: foreign, to }, /no database of Chalk Talk/);
  await refuses({ from: old, to }, /schema version 1,.*chalk-talk migrate/);
  assert.deepEqual(await readFile(old.file), bytes);

  const postgres = await newPostgres(t);
  await refuses({ from: postgres, to }, /No server has ever run on/);
  await migratePostgres(postgres.url);
  await refuses({ from: postgres, to }, /No server has ever run on/);
  await (await connected(t, postgres)).query('UPDATE schema_form SET form = 1000');
  await refuses({ from: postgres, to }, /schema version 1000.*newer program/);
  for (const from of [await filled(t, await newFile(t)), await filled(t, await newPostgres(t))]) {
    await refuses({ from, to }, /SECRET_KEY/, 'another secret key, with which nothing was sealed');
  }
  await assert.rejects(access(to.file));
});

test('a server that is not there is named, and no password', async t => {
  const from = await filled(t, await newFile(t));
  const to = new PostgresDriver('postgres://me:hush@127.0.0.1:1/chalk');
  await assert.rejects(copyDatabase({ from, to, secretKey: SECRET_KEY }), fault => {
    assert.match(String(fault), /ECONNREFUSED 127\.0\.0\.1:1/);
    assert.doesNotMatch(String(fault), /hush/);
    return true;
  });
});
