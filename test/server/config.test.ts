import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { ConfigError, readConfig } from '../../server/config.js';

const SECRET_KEY = 'x'.repeat(32);

test('everything but the secret has a default', () => {
  assert.deepEqual(readConfig({ SECRET_KEY }), {
    host: '127.0.0.1',
    port: 3000,
    database: join('data', 'chalk-talk.db'),
    secretKey: SECRET_KEY,
    logLevel: 'info',
  });
  const environment = {
    SECRET_KEY,
    HOST: '0.0.0.0',
    PORT: '0',
    DATA_DIR: '/srv/chalk',
    LOG_LEVEL: 'debug',
    OTHER: 'x',
  };
  assert.deepEqual(readConfig(environment), {
    host: '0.0.0.0',
    port: 0,
    database: join('/srv/chalk', 'chalk-talk.db'),
    secretKey: SECRET_KEY,
    logLevel: 'debug',
  });
});

test('every fault is named at once, and no secret with them', () => {
  const environment = { SECRET_KEY: 'too short', PORT: '70000', LOG_LEVEL: 'loud' };
  assert.throws(
    () => readConfig(environment),
    (fault: unknown) => {
      assert.ok(fault instanceof ConfigError);
      assert.deepEqual(
        fault.faults.map(text => text.split(' ')[0]),
        ['PORT', 'LOG_LEVEL', 'SECRET_KEY'],
      );
      assert.ok(!fault.message.includes('too short'));
      return true;
    },
  );
  for (const PORT of ['-1', '1.5', 'http', '3000x', '1e3']) {
    assert.throws(() => readConfig({ SECRET_KEY, PORT }), ConfigError, PORT);
  }
  assert.throws(() => readConfig({}), /SECRET_KEY is missing/);
});
