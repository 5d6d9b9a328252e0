import assert from 'node:assert/strict';
import { access, chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ADMIN_PATH, type NewKeyAnswer } from '../../protocol/schema/admin.js';
import { readConfig } from '../../server/config/config.js';
import { createLog } from '../../server/log.js';
import { serve } from '../../server/serve.js';
import { codeOf } from '../support/talker.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { post } from '../support/commands.js';
import { enterLobby } from './server-talker.js';

const ADMIN_TOKEN = 'a'.repeat(32);

test('what the environment says is what the server goes by', async t => {
  const folder = await temporaryFolder(t);
  const config = readConfig({
    SECRET_KEY: 'x'.repeat(32),
    ADMIN_TOKEN,
    PORT: '0',
    PUBLIC_URL: 'https://chalk.example.com',
    DATABASE_URL: `sqlite:${join(folder, 'deep', 'talk.db')}`,
    TRUST_PROXY: '1',
    COMMANDS_PER_SECOND: '1',
    COMMANDS_BURST: '1',
  });
  const lines: string[] = [];
  const server = await serve(config, createLog('debug', { write: line => void lines.push(line) }));
  t.after(() => server.close());
  await access(join(folder, 'deep', 'talk.db'));
  const admin = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${server.url}${ADMIN_PATH}${path}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path} ${answer.status}`);
    return answer.json();
  };
  const { publicUrl } = (await admin('/status')) as { publicUrl: string };
  assert.equal(publicUrl, 'https://chalk.example.com');
  const headers = { 'x-forwarded-for': '192.0.2.1', connection: 'close' };
  await fetch(`${server.url}/healthz`, { headers });

  await admin('/sites', { id: 'acme' });
  const { kid, secret = '' } = (await admin('/sites/acme/keys', { forServers: true })) as NewKeyAnswer;
  const signer = new TextEncoder().encode(secret);
  const key = { site: 'acme', kid, algorithm: 'HS256', material: signer, forServers: true } as const;
  const ann = await enterLobby(t, server.url, { key, signer }, 'ann');
  await ann.post('lobby', 'one');
  const body = post('two');
  const second = await ann.ask('command', { room: 'lobby', id: 'two-two-two-two-', body });
  assert.equal(codeOf(second), 'rate_limited');

  const metrics = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  assert.match(await metrics.text(), /process_cpu_seconds_total/);
  await server.close();
  assert.ok(lines.some(line => line.includes('"192.0.2.1"')));
});

test('what is kept is for the server alone, whatever others may do with its other files', async t => {
  const umask = process.umask(0o022);
  t.after(() => void process.umask(umask));
  const data = join(await temporaryFolder(t), 'data');
  const file = join(data, 'talk.db');
  const warnings: string[] = [];
  const log = createLog('warn', { write: line => void warnings.push(line) });
  const start = async () => {
    const config = readConfig({ SECRET_KEY: 'x'.repeat(32), PORT: '0', DATABASE_URL: `sqlite:${file}` });
    const server = await serve(config, log);
    t.after(() => server.close());
    return server;
  };
  const server = await start();
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  assert.equal(await mode(data), '700');
  const files = (await readdir(data)).filter(name => name.startsWith('talk.db'));
  assert.ok(files.includes('talk.db-wal'), files.join());
  for (const name of files) assert.equal(await mode(join(data, name)), '600', name);
  await server.close();
  assert.equal(warnings.length, 0);

  await chmod(file, 0o640);
  await (await start()).close();
  assert.deepEqual(
    warnings.map(line => (JSON.parse(line) as { file?: string }).file),
    [file],
  );
});
