import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { ConfigError, readConfig } from '../../../server/config/config.js';
import { PostgresDriver } from '../../../server/storage/postgres/postgres-driver.js';
import { SqliteDriver } from '../../../server/storage/sqlite/sqlite-driver.js';

const SECRET_KEY = 'x'.repeat(32);
const ADMIN_TOKEN = 'a'.repeat(32);
const METRICS_TOKEN = 'm'.repeat(32);

/** The names of the variables that are found fault with. */
function faults(environment: Readonly<Record<string, string>>): readonly (string | undefined)[] {
  try {
    readConfig({ SECRET_KEY, ...environment });
    return [];
  } catch (fault) {
    assert.ok(fault instanceof ConfigError);
    return fault.faults.map(text => text.split(' ')[0]);
  }
}

const databaseAt = (DATABASE_URL: string) => readConfig({ SECRET_KEY, DATABASE_URL }).database;

test('everything but the secret has a default', () => {
  assert.deepEqual(readConfig({ SECRET_KEY, OTHER: 'x', PORT: ' ' }), {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: undefined,
    database: new SqliteDriver('data/chalk-talk.db'),
    redis: undefined,
    adminToken: undefined,
    metricsToken: undefined,
    secretKey: SECRET_KEY,
    trustedProxies: 0,
    logLevel: 'info',
    scriptsDir: join('data', 'scripts'),
    shutdown: { delay: 0, timeout: 15_000 },
    limits: {
      commands: { perSecond: 30, burst: 300 },
      guestsOfAddress: { perSecond: 10, burst: 300 },
      residentRooms: 10_000,
      residentBytes: 536_870_912,
      snapshotBytes: 67_108_864,
    },
  });
});

test('everything can be set', () => {
  const environment = {
    SECRET_KEY,
    ADMIN_TOKEN,
    METRICS_TOKEN,
    HOST: '0.0.0.0',
    PORT: '0',
    PUBLIC_URL: 'https://chalk.example.com/',
    DATABASE_URL: 'sqlite:/srv/chalk/talk.db',
    TRUST_PROXY: '2',
    LOG_LEVEL: 'debug',
    SHUTDOWN_DELAY: '5',
    SHUTDOWN_TIMEOUT: '30',
    COMMANDS_PER_SECOND: '5',
    COMMANDS_BURST: '5',
    GUESTS_PER_ADDRESS: '2',
    ROOMS_IN_MEMORY: '100',
    ROOMS_MEMORY_MB: '16',
    SNAPSHOT_CACHE_MB: '1',
  };
  assert.deepEqual(readConfig(environment), {
    host: '0.0.0.0',
    port: 0,
    publicUrl: 'https://chalk.example.com',
    database: new SqliteDriver('/srv/chalk/talk.db'),
    redis: undefined,
    adminToken: ADMIN_TOKEN,
    metricsToken: METRICS_TOKEN,
    secretKey: SECRET_KEY,
    trustedProxies: 2,
    logLevel: 'debug',
    scriptsDir: join('/srv/chalk', 'scripts'),
    shutdown: { delay: 5_000, timeout: 30_000 },
    limits: {
      commands: { perSecond: 5, burst: 5 },
      guestsOfAddress: { perSecond: 2, burst: 60 },
      residentRooms: 100,
      residentBytes: 16_777_216,
      snapshotBytes: 1_048_576,
    },
  });
  assert.equal(readConfig({ SECRET_KEY, SCRIPTS_DIR: '/srv/scripts' }).scriptsDir, '/srv/scripts');
});

test('every fault is named at once, and no secret with them', () => {
  const environment = {
    SECRET_KEY: 'too short',
    ADMIN_TOKEN: 'shorter',
    PORT: '70000',
    LOG_LEVEL: 'loud',
    PUBLIC_URL: 'chalk.example.com',
    DATABASE_URL: 'mysql://me:hush@db/chalk',
    TRUST_PROXY: 'yes',
    SHUTDOWN_DELAY: '15',
    COMMANDS_BURST: '2',
    ROOMS_IN_MEMORY: '1',
  };
  assert.throws(
    () => readConfig(environment),
    (fault: unknown) => {
      assert.ok(fault instanceof ConfigError);
      const named = fault.faults.map(text => text.split(' ')[0]);
      assert.deepEqual([...named].sort(), Object.keys(environment).sort());
      for (const name of named) assert.ok(fault.message.includes(`- ${name} `));
      for (const secret of ['too short', 'shorter\n', 'hush']) assert.ok(!fault.message.includes(secret), secret);
      return true;
    },
  );
  assert.throws(() => readConfig({}), /SECRET_KEY is missing/);
});

suite('a wrong configuration', () => {
  test('ports and other numbers', () => {
    for (const PORT of ['-1', '1.5', 'http', '3000x', '1e3', '0x10'])
      assert.deepEqual(faults({ PORT }), ['PORT'], PORT);
    assert.deepEqual(faults({ SHUTDOWN_TIMEOUT: '0' }), ['SHUTDOWN_TIMEOUT']);
    assert.deepEqual(faults({ SHUTDOWN_TIMEOUT: '901' }), ['SHUTDOWN_TIMEOUT']);
  });

  test('databases', () => {
    for (const url of [
      'sqlite::memory:',
      'sqlite:',
      'sqlite:data/',
      'data/x.db',
      'sqlite:x.db?mode=ro',
      '/x.db',
      'sqlite://rel/x.db',
    ]) {
      assert.deepEqual(faults({ DATABASE_URL: url }), ['DATABASE_URL'], url);
    }
    for (const url of [
      'postgres://me:hush@db',
      'postgres://me:hush@db/',
      'postgres://me:hush@db/one/two',
      'postgres://me:hush#hush@db/chalk',
      'postgres://me:100%hush@db/chalk',
      'postgres://me:hush@one:5432,two:5432/chalk',
      'postgres://me:hush@one,two/chalk',
      'postgres:chalk',
    ]) {
      assert.deepEqual(faults({ DATABASE_URL: url }), ['DATABASE_URL'], url);
      const read = () => readConfig({ SECRET_KEY, DATABASE_URL: url });
      assert.throws(read, fault => fault instanceof Error && !fault.message.includes('hush'), url);
    }
    const file = databaseAt('sqlite:///srv/x.db');
    assert.deepEqual(file, new SqliteDriver('/srv/x.db'));
    assert.deepEqual(databaseAt('sqlite:./x.db'), new SqliteDriver('./x.db'));
  });

  test('databases of PostgreSQL', () => {
    for (const url of [
      'postgres://me:hush@db/chalk',
      'POSTGRESQL://db:5433/chalk?sslmode=verify-full&sslrootcert=/etc/ca.pem',
      'postgres:///chalk?host=/run/postgresql',
    ]) {
      const { database, scriptsDir } = readConfig({ SECRET_KEY, DATABASE_URL: url });
      assert.deepEqual(database, new PostgresDriver(url, { poolSize: 10 }));
      assert.equal(scriptsDir, join('data', 'scripts'));
    }
    const DATABASE_URL = 'postgres://db/chalk';
    const { database } = readConfig({ SECRET_KEY, DATABASE_URL, DATABASE_POOL: '25' });
    assert.deepEqual(database, new PostgresDriver(DATABASE_URL, { poolSize: 25 }));
    for (const DATABASE_POOL of ['1', '201', 'many']) {
      assert.deepEqual(faults({ DATABASE_URL, DATABASE_POOL }), ['DATABASE_POOL'], DATABASE_POOL);
    }
  });

  test('a Redis, which needs PostgreSQL', () => {
    const DATABASE_URL = 'postgres://db/chalk';
    for (const REDIS_URL of [
      'redis://cache',
      'rediss://:hush@cache:6380/2',
      'redis-cluster://:hush@one:7000,two:7001',
    ]) {
      const { redis } = readConfig({ SECRET_KEY, DATABASE_URL, REDIS_URL });
      assert.deepEqual(redis, { url: REDIS_URL, prefix: 'chalk-talk' });
      assert.deepEqual(faults({ REDIS_URL }), ['REDIS_URL']);
      assert.deepEqual(faults({ REDIS_URL, DATABASE_URL: 'sqlite:x.db' }), ['REDIS_URL']);
      // One cause, one complaint.
      assert.deepEqual(faults({ REDIS_URL, DATABASE_URL: 'mysql://db/chalk' }), ['DATABASE_URL']);
    }
    const named = readConfig({ SECRET_KEY, DATABASE_URL, REDIS_URL: 'redis://cache', REDIS_PREFIX: 'chalk.b' });
    assert.equal(named.redis?.prefix, 'chalk.b');
    for (const REDIS_PREFIX of ['{a}', 'a b', 'x'.repeat(33)])
      assert.deepEqual(faults({ REDIS_PREFIX }), ['REDIS_PREFIX']);
    const read = () => readConfig({ SECRET_KEY, DATABASE_URL, REDIS_URL: 'http://me:hush@cache' });
    assert.throws(
      read,
      fault => fault instanceof Error && /REDIS_URL/.test(fault.message) && !/hush/.test(fault.message),
    );
  });

  test('public addresses: https except on loopback, an origin', () => {
    const bad = [
      'http://chalk.example.com',
      'http://192.168.0.2',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
      'https://chalk.example.com/path',
      'https://chalk.example.com/?x',
      'https://me@chalk.example.com',
      'wss://chalk.example.com',
      '//chalk.example.com',
    ];
    for (const url of bad) assert.deepEqual(faults({ PUBLIC_URL: url }), ['PUBLIC_URL'], url);
    for (const url of [
      'https://chalk.example.com:8443',
      'http://localhost:3000',
      'http://127.0.0.1',
      'http://[::1]:80',
    ]) {
      assert.deepEqual(faults({ PUBLIC_URL: url }), [], url);
    }
    assert.deepEqual(faults({ HOST: '0.0.0.0' }), ['PUBLIC_URL']);
    assert.deepEqual(faults({ HOST: '::' }), ['PUBLIC_URL']);
    assert.deepEqual(faults({ HOST: '::1' }), []);
    // As it stands in an address, which is not how it is listened on.
    assert.equal(readConfig({ SECRET_KEY, HOST: '[::1]' }).host, '::1');
  });

  test('tokens of the operator', () => {
    assert.deepEqual(faults({ ADMIN_TOKEN: 'a'.repeat(31) }), ['ADMIN_TOKEN']);
    assert.deepEqual(faults({ ADMIN_TOKEN: SECRET_KEY }), ['ADMIN_TOKEN']);
    assert.deepEqual(faults({ ADMIN_TOKEN: `${'a'.repeat(32)} b` }), ['ADMIN_TOKEN']);
  });

  test('tokens of who collects metrics', () => {
    assert.deepEqual(faults({ METRICS_TOKEN: 'm'.repeat(31) }), ['METRICS_TOKEN']);
    assert.deepEqual(faults({ METRICS_TOKEN: SECRET_KEY }), ['METRICS_TOKEN']);
    assert.deepEqual(faults({ METRICS_TOKEN: `${METRICS_TOKEN}\u00e9` }), ['METRICS_TOKEN']);
    // Else it would be good for more than metrics.
    assert.deepEqual(faults({ METRICS_TOKEN: ADMIN_TOKEN, ADMIN_TOKEN }), ['METRICS_TOKEN']);
  });
});
