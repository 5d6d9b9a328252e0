import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Connections } from '../../../../server/storage/postgres/connections.js';
import { migratePostgres } from '../../../../server/storage/postgres/migrate.js';
import { MIGRATIONS } from '../../../../server/storage/postgres/migrations/index.js';
import { openPostgres } from '../../../../server/storage/postgres/open-postgres.js';
import { statement } from '../../../../server/storage/postgres/statement.js';
import { someoneWaits } from '../../../support/postgres-locks.js';
import { newPostgresDatabase } from '../../../support/postgres-server.js';
import { roomKey } from '../../../support/room-key.js';
import { keep, site } from '../contract/home.js';
import { posted } from '../../../support/commands.js';
import { connectTo, newServers, openAt, SECRET_KEY } from './two-servers.js';

const ROOM = roomKey('acme', 'algebra');

describe('opening', () => {
  for (const form of MIGRATIONS.keys()) {
    test(`a database of form ${form} is brought to the present one and works`, async t => {
      const url = await newPostgresDatabase(t);
      assert.deepEqual(await migratePostgres(url, MIGRATIONS.slice(0, form)), { from: 0, to: form });
      assert.deepEqual(await migratePostgres(url), { from: form, to: MIGRATIONS.length });
      assert.deepEqual(await migratePostgres(url), { from: MIGRATIONS.length, to: MIGRATIONS.length });
      const storage = await openAt(t, url);
      await storage.putSite(site('acme'));
      await keep(storage, ROOM, [posted('hello')]);
      assert.equal((await storage.snapshot(ROOM)).messages.length, 1);
    });
  }

  test('a migration that fails leaves the form before it', async t => {
    const url = await newPostgresDatabase(t);
    const broken = [...MIGRATIONS, 'CREATE TABLE half (id integer); SELECT 1 / 0'];
    await assert.rejects(migratePostgres(url, broken), { name: 'StorageError', message: /division by zero/ });
    const client = await connectTo(t, url);
    const { rows } = await client.query<{ half: string | null }>(`SELECT to_regclass('half') AS half`);
    assert.equal(rows[0]?.half, null);
    assert.deepEqual(await migratePostgres(url), { from: MIGRATIONS.length, to: MIGRATIONS.length });
    const mended = [...MIGRATIONS, 'CREATE TABLE whole (id integer)'];
    assert.deepEqual(await migratePostgres(url, mended), { from: MIGRATIONS.length, to: MIGRATIONS.length + 1 });
  });

  test('of servers that start at once on an empty database one makes it, and all of them share its chance', async t => {
    const url = await newPostgresDatabase(t);
    const servers = await Promise.all(Array.from({ length: 5 }, () => openAt(t, url)));
    const heads = await Promise.all(servers.map(storage => storage.head(ROOM)));
    assert.equal(new Set(heads.map(({ epoch }) => epoch)).size, 1);
    const [first, second] = servers;
    await first?.putSite(site('acme'));
    const material = new TextEncoder().encode('a secret of thirty-two bytes, ok');
    await first?.addKey({ site: 'acme', kid: 'k', algorithm: 'HS256', material, forServers: false });
    assert.deepEqual((await second?.sites())?.keys[0]?.material, material);
  });

  test('a server that may not change the form opens a database of the present one', async t => {
    const { url, servers } = await newServers(t, 1);
    assert.equal(servers.length, 1);
    const client = await connectTo(t, url);
    const role = `server_${process.pid}_${Date.now()}`;
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    try {
      await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
      await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
      const address = new URL(url);
      [address.username, address.password] = [role, 'secret'];
      const storage = await openPostgres({ url: address.href, secretKey: SECRET_KEY });
      try {
        await keep(storage, ROOM, [posted('hello')]);
        assert.equal((await storage.head(ROOM)).seq, 1);
      } finally {
        await storage.close();
      }
    } finally {
      await client.query(`DROP OWNED BY ${role}`);
      await client.query(`DROP ROLE ${role}`);
    }
  });

  test('another secret key opens nothing, and says so', async t => {
    const { url } = await newServers(t, 1);
    await assert.rejects(openPostgres({ url, secretKey: 'another' }), { name: 'StorageError', message: /SECRET_KEY/ });
  });

  test('the database of a newer program is refused', async t => {
    const { url } = await newServers(t, 1);
    const client = await connectTo(t, url);
    await client.query('UPDATE schema_form SET form = 1000');
    await assert.rejects(openPostgres({ url, secretKey: SECRET_KEY }), {
      name: 'StorageError',
      message: /newer program/,
    });
    await assert.rejects(migratePostgres(url), { name: 'StorageError', message: /newer program/ });
  });

  test('nobody there, or no such database, is said without the password', async t => {
    const url = new URL(await newPostgresDatabase(t));
    url.password = 'hunter2';
    const missing = new URL(url);
    missing.pathname = '/nothing';
    const nobody = new URL(url);
    nobody.port = '1';
    for (const [address, words] of [
      [missing, /"nothing" does not exist/],
      [nobody, /ECONNREFUSED/],
    ] as const) {
      await assert.rejects(openPostgres({ url: address.href, secretKey: SECRET_KEY }), (error: unknown) => {
        assert.match(String(error), words);
        assert.doesNotMatch(String(error), /hunter2/);
        return true;
      });
    }
  });

  test('a commit waits for the disk, even where the database would not', async t => {
    const url = await newPostgresDatabase(t);
    const client = await connectTo(t, url);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.query(`ALTER DATABASE "${rows[0]?.name}" SET synchronous_commit = off`);
    const connections = new Connections({ url, size: 1 });
    t.after(() => connections.close());
    const show = statement<[], { readonly synchronous_commit: string }>('SHOW synchronous_commit');
    assert.deepEqual(await connections.run(show), [{ synchronous_commit: 'on' }]);
  });

  test('what was waited for is seen as it is then, even where the database would not', async t => {
    const { url } = await newServers(t, 1);
    const client = await connectTo(t, url);
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.query(`ALTER DATABASE "${rows[0]?.name}" SET default_transaction_isolation = 'repeatable read'`);
    const storage = await openAt(t, url);
    const post = posted('hello');
    await keep(storage, ROOM, [post]);
    await client.query('BEGIN');
    await client.query('UPDATE room SET title = $1', ['held']);
    const kept = keep(storage, ROOM, [post]);
    await someoneWaits(await connectTo(t, url));
    await client.query('COMMIT');
    await kept;
    const connections = new Connections({ url, size: 1 });
    t.after(() => connections.close());
    const show = statement<[], { readonly isolation: string }>(
      `SELECT current_setting('transaction_isolation') AS isolation`,
    );
    assert.deepEqual(await connections.run(show), [{ isolation: 'read committed' }]);
  });

  test('no table holds a secret in the clear', async t => {
    const { url, servers } = await newServers(t, 1);
    const secret = 'correct horse battery staple, 40 bytes..';
    const material = Buffer.from(secret);
    await servers[0]?.addKey({ site: 'acme', kid: 'k', algorithm: 'HS256', material, forServers: false });
    const client = await connectTo(t, url);
    const { rows } = await client.query<{ tables: string }>(
      `SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, false, '')::text, '') AS tables
       FROM pg_tables WHERE schemaname = 'public'`,
    );
    const everything = rows[0]?.tables ?? '';
    assert.match(everything, /acme/);
    for (const encoding of ['utf8', 'base64', 'hex'] as const) {
      assert.equal(everything.toLowerCase().includes(material.toString(encoding).slice(0, 40).toLowerCase()), false);
    }
  });
});
