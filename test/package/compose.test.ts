/**
 * compose.yaml, held against the server's own settings and the files that it names. It is read, not
 * run: that takes Docker.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { readConfig } from '../../server/config/config.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ROOT } from './recipe.js';
import { readYaml } from './yaml.js';

const Strings = Type.Array(Type.String());
const Service = Type.Object({
  image: Type.String(),
  environment: Type.Optional(Type.Record(Type.String(), Type.String())),
  ports: Type.Optional(Strings),
  volumes: Type.Optional(Strings),
  command: Type.Optional(Strings),
  depends_on: Type.Optional(
    Type.Union([Strings, Type.Record(Type.String(), Type.Object({ condition: Type.String() }))]),
  ),
  stop_grace_period: Type.Optional(Type.String({ pattern: '^\\d+s$' })),
  healthcheck: Type.Optional(Type.Object({ test: Strings, interval: Type.String(), retries: Type.Integer() })),
});
const Compose = Type.Object({ services: Type.Record(Type.String(), Service) });

const NODES = ['node1', 'node2'];
/** What the image sets by itself. */
const OF_IMAGE = { NODE_ENV: 'production' };

const text = await readFile(join(ROOT, 'compose.yaml'), 'utf8');
const read = readYaml(text);
const missing = read === undefined;
if (missing)
  console.warn('\n  *** NOT RUN: no program of this machine reads YAML, so compose.yaml was not looked at ***\n');

/** The services, each `${NAME:?}` in place as `values` has it. */
function services(values: Readonly<Record<string, string>> = {}) {
  const filled = text.replaceAll(/\$\{(\w+):\?\}/g, (_, name: string) => values[name] ?? `of-${name.toLowerCase()}`);
  return Value.Parse(Compose, readYaml(filled)).services;
}

/** What docs/deploy.md tells to make the file of secrets by. */
async function secrets(folder: string): Promise<Record<string, string>> {
  const page = await readFile(join(ROOT, 'docs/deploy.md'), 'utf8');
  const lines = /^umask 077\n\{\n[\s\S]*?^\} > chalk-talk\.env$/m.exec(page)?.[0] ?? '';
  execFileSync('sh', ['-ec', lines], { cwd: folder });
  const file = await readFile(join(folder, 'chalk-talk.env'), 'utf8');
  return Object.fromEntries(file.split('\n').flatMap(line => (line ? [line.split('=') as [string, string]] : [])));
}

suite('compose.yaml', { skip: missing }, () => {
  test('gives each node what it needs, and nothing that the server does not read', async t => {
    const values = await secrets(await temporaryFolder(t));
    const all = services(values);
    for (const name of NODES) {
      const asked = new Set<string>();
      const given = { ...OF_IMAGE, ...all[name]?.environment };
      const config = readConfig(
        new Proxy<Record<string, string | undefined>>(given, {
          get(target, key) {
            if (typeof key === 'string') asked.add(key);
            return Reflect.get(target, key) as string | undefined;
          },
        }),
      );
      assert.deepEqual(
        Object.keys(all[name]?.environment ?? {}).filter(key => !asked.has(key)),
        [],
      );
      assert.equal(config.publicUrl, 'https://chalk.example.com');
      assert.equal(config.database.engine, 'postgres');
      assert.ok(config.redis);
      assert.equal(config.trustedProxies, 1);
      assert.equal(config.scriptsDir, '/data/scripts');
      // Each has a volume of its own, which holds the scripts.
      assert.deepEqual(all[name]?.volumes, [`${name}:/data`]);
    }
  });

  test('tells the nodes the database and the Redis that it starts', () => {
    const { node1, postgres, redis } = services({ POSTGRES_PASSWORD: 'pg-word', REDIS_PASSWORD: 'redis-word' });
    const url = new URL(node1?.environment?.['DATABASE_URL'] ?? '');
    assert.equal(url.hostname, 'postgres');
    assert.equal(url.username, postgres?.environment?.['POSTGRES_USER']);
    assert.equal(url.password, postgres?.environment?.['POSTGRES_PASSWORD']);
    assert.equal(url.pathname, `/${postgres?.environment?.['POSTGRES_DB'] ?? ''}`);
    const bus = new URL(node1?.environment?.['REDIS_URL'] ?? '');
    assert.equal(bus.hostname, 'redis');
    assert.equal(bus.password, redis?.environment?.['REDIS_PASSWORD']);
    assert.equal(bus.password, redis?.environment?.['REDISCLI_AUTH']);
  });

  test('holds no secret, and every image by its whole version', () => {
    for (const [name, { image, environment = {} }] of Object.entries(services())) {
      assert.match(image, /:\d+\.\d+(\.\d+)?$/, name);
      for (const [key, value] of Object.entries(environment)) {
        if (/SECRET|TOKEN|PASSWORD|AUTH/.test(key)) assert.match(value, /^of-/, key);
      }
    }
  });

  test('lets the world reach the proxy alone, which asks the nodes', async () => {
    const all = services();
    const open = Object.entries(all).filter(([, { ports = [] }]) => ports.length > 0);
    assert.deepEqual(
      open.map(([name]) => name),
      ['proxy'],
    );
    const { environment, volumes = [] } = all['proxy'] ?? {};
    assert.equal(environment?.['CHALK_TALK_NODES'], NODES.map(name => `${name}:3000`).join(' '));
    const [file = ''] = volumes.filter(volume => volume.startsWith('./'));
    const [path = '', place] = file.split(':');
    assert.ok(existsSync(join(ROOT, path)), path);
    assert.equal(place, '/etc/caddy/Caddyfile');
    assert.match(await readFile(join(ROOT, path), 'utf8'), /\{\$CHALK_TALK_HOST\}[\s\S]*\{\$CHALK_TALK_NODES\}/);
  });

  test('leaves a node the time that it takes to end, after the proxy has seen that it does', async () => {
    const caddyfile = await readFile(join(ROOT, 'docs/deploy/Caddyfile.nodes'), 'utf8');
    const looks = Number(/health_interval (\d+)s/.exec(caddyfile)?.[1]);
    const answers = Number(/health_timeout (\d+)s/.exec(caddyfile)?.[1]);
    for (const name of NODES) {
      const { environment = {}, stop_grace_period: grace = '' } = services()[name] ?? {};
      const delay = Number(environment['SHUTDOWN_DELAY']);
      const timeout = Number(environment['SHUTDOWN_TIMEOUT']);
      assert.ok(delay > looks + answers, `${delay} s of warning`);
      // The rest is for telling everyone to come back.
      assert.ok(timeout >= delay + 30, `${timeout} s in all`);
      assert.ok(Number.parseInt(grace, 10) > timeout, `${grace} until it is killed`);
    }
  });

  test('starts nodes when what they stand on answers, and calls them healthy by /readyz', () => {
    const all = services();
    for (const name of NODES) {
      const { depends_on, healthcheck } = all[name] ?? {};
      assert.deepEqual(depends_on, {
        postgres: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
      assert.match(healthcheck?.test.join(' ') ?? '', /^CMD node -e fetch\('http:\/\/127\.0\.0\.1:3000\/readyz'\)/);
    }
    for (const name of ['postgres', 'redis']) assert.ok(all[name]?.healthcheck, name);
  });
});
