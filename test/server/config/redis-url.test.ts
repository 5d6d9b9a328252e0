import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type RedisPlace, redisPlace } from '../../../server/config/redis-url.js';

const PLACE: RedisPlace = {
  hosts: [{ host: 'cache', port: 6_379 }],
  isCluster: false,
  tls: false,
  username: undefined,
  password: undefined,
  database: 0,
};

test('the forms of an address', () => {
  assert.deepEqual(redisPlace('redis://cache'), PLACE);
  assert.deepEqual(redisPlace('redis://cache:6379/'), PLACE);
  assert.deepEqual(redisPlace('REDISS://cache:6380/2'), {
    ...PLACE,
    hosts: [{ host: 'cache', port: 6_380 }],
    tls: true,
    database: 2,
  });
  assert.deepEqual(redisPlace('redis://me:a%40b%3A@[::1]:7000'), {
    ...PLACE,
    hosts: [{ host: '::1', port: 7_000 }],
    username: 'me',
    password: 'a@b:',
  });
  assert.deepEqual(redisPlace('redis://:hush:hush@cache'), { ...PLACE, password: 'hush:hush' });
  assert.deepEqual(redisPlace('rediss-cluster://:hush@one.example,two.example:7001,[::2]:7002'), {
    hosts: [
      { host: 'one.example', port: 6_379 },
      { host: 'two.example', port: 7_001 },
      { host: '::2', port: 7_002 },
    ],
    isCluster: true,
    tls: true,
    username: undefined,
    password: 'hush',
    database: 0,
  });
  assert.deepEqual(redisPlace('redis-cluster://cache'), { ...PLACE, isCluster: true });
});

test('what is none', () => {
  for (const url of [
    'cache:6379',
    'http://cache',
    'redis://',
    'redis://one,two',
    'redis://cache:0',
    'redis://cache:70000',
    'redis://cache/talk',
    'redis://cache/1/2',
    'redis://cache?db=1',
    'redis://me:100%@cache',
    'redis://me:a@b@cache',
    'redis-cluster://one:7000,',
    'redis-cluster://one:7000/1',
    'redis://-cache',
    'redis://::1',
  ]) {
    assert.equal(redisPlace(url), undefined, url);
  }
});
