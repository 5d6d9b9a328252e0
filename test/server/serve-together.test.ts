import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import pg from 'pg';

import { randomId } from '../../protocol/names.js';
import { ADMIN_PATH, type NewKeyAnswer } from '../../protocol/schema/admin.js';
import { readConfig } from '../../server/config/config.js';
import { createLog } from '../../server/log.js';
import { serve } from '../../server/serve.js';
import { PATIENCE, until } from '../support/patience.js';
import { newPostgresDatabase } from '../support/postgres-server.js';
import { redisUrl } from '../support/redis-server.js';
import { startProcess } from './server-process.js';
import { enterLobby } from './server-talker.js';
import { isPosted } from '../support/commands.js';

const ADMIN_TOKEN = 'a'.repeat(32);
const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
const quiet = createLog('silent');

/** What several servers on one database are told by their environment. */
async function shared(t: TestContext, changed: Readonly<Record<string, string>> = {}) {
  return readConfig({
    SECRET_KEY: 'x'.repeat(32),
    ADMIN_TOKEN,
    PORT: '0',
    DATABASE_URL: await newPostgresDatabase(t),
    DATABASE_POOL: '4',
    REDIS_URL: await redisUrl(t),
    REDIS_PREFIX: randomId(8),
    ...changed,
  });
}

/** Makes the site `acme`. @returns a key of it that is good for connections without an Origin */
async function newSite(server: string) {
  const admin = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${server}${ADMIN_PATH}${path}`, {
      headers,
      method: 'POST',
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, `${path} ${answer.status}`);
    return answer.json();
  };
  await admin('/sites', { id: 'acme' });
  const { kid, secret = '' } = (await admin('/sites/acme/keys', { forServers: true })) as NewKeyAnswer;
  const signer = new TextEncoder().encode(secret);
  return { key: { site: 'acme', kid, algorithm: 'HS256', material: signer, forServers: true }, signer } as const;
}

test('two servers on one PostgreSQL and one Redis are one place, and each leaves it in order', async t => {
  const config = await shared(t);
  const start = async () => {
    const server = await serve(config, quiet);
    t.after(() => server.close());
    return server;
  };
  const first = await start();
  const key = await newSite(first.url);
  const second = await start();

  const ann = await enterLobby(t, first.url, key, 'ann');
  const ben = await enterLobby(t, second.url, key, 'ben');
  await ann.hears('presence', ({ came }) => came.some(({ person }) => person.id === 'ben'));
  await ben.post('lobby', 'hello from the other server');
  await ann.hears('events', ({ events }) => events.some(isPosted));

  await first.close();
  await first.close();
  assert.equal(first.waitingFor, undefined);
  await ben.hears('presence', ({ left }) => left.length > 0);
  await ben.post('lobby', 'still here');
  assert.equal((await fetch(`${second.url}/readyz`)).status, 200);
});

test('two servers on one PostgreSQL without a Redis each warn of it, and their people miss nothing that is kept', async t => {
  const { redis, ...config } = await shared(t);
  assert.ok(redis);
  const warnings: string[] = [];
  const start = async () => {
    const log = createLog('warn', { write: line => void warnings.push(line) });
    const server = await serve({ ...config, redis: undefined }, log);
    t.after(() => server.close());
    return server;
  };
  const first = await start();
  const key = await newSite(first.url);
  const second = await start();
  assert.equal(warnings.length, 2);
  for (const warning of warnings) assert.match(warning, /without REDIS_URL/);

  const ann = await enterLobby(t, first.url, key, 'ann');
  const ben = await enterLobby(t, second.url, key, 'ben');
  await ben.post('lobby', 'hello from the other server');
  await ann.hears('events', ({ events }) => events.some(isPosted));
  assert.equal(warnings.length, 2);
});

test('the process of a server ends when it is told to, with nothing left open', async t => {
  const [DATABASE_URL, REDIS_URL] = [await newPostgresDatabase(t), await redisUrl(t)];
  const environment = { DATABASE_URL, REDIS_URL, REDIS_PREFIX: randomId(8), SHUTDOWN_TIMEOUT: '10' };
  const server = startProcess(t, environment);
  await server.listening();
  server.signal('SIGTERM');
  assert.deepEqual(await server.ended, { code: 0, complaints: '' });
});

test('a server that can not join the others lets go of the database', async t => {
  const DATABASE_URL = await newPostgresDatabase(t);
  // A Redis that asks nobody for a password does not know this user.
  const REDIS_URL = (await redisUrl(t)).replace('://', '://nobody:hush@');
  const config = await shared(t, { DATABASE_URL, REDIS_URL });
  await assert.rejects(serve(config, quiet), fault => {
    assert.match(String(fault), /WRONGPASS/);
    assert.doesNotMatch(String(fault), /hush/);
    return true;
  });
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    const others = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'chalk-talk'`;
    await until(
      PATIENCE,
      async () => (await client.query(others)).rowCount === 0,
      () => 'the server keeps connections to the database',
    );
  } finally {
    await client.end();
  }
});
