import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../support/backend.js';
import { Talker } from '../support/talker.js';
import { createLog } from '../../server/log.js';

test('neither tokens nor what people say is logged', async t => {
  const lines: string[] = [];
  const backend = await startBackend(t, { log: { write: line => void lines.push(line) } });
  const token = await backend.token({ person: 'ann', name: 'Ann Unmentioned' });
  const ann = new Talker(backend.connect({ token }));
  await ann.hears('welcome');
  await ann.join('lobby');
  await ann.post('lobby', 'a quiet word');
  await ann.askAnything('command', { room: 'lobby', token, text: 'a quiet word' });
  await new Talker(backend.connect({ token: `${token}x` })).refused();
  await fetch(`${backend.url}/v1/sites/acme/rooms/lobby/snapshot`, { headers: { authorization: `Bearer ${token}` } });
  ann.socket.disconnect();
  await backend.close();
  const logged = lines.join('');
  assert.match(logged, /"msg":"came"/);
  assert.match(logged, /"msg":"left"/);
  for (const secret of [token, token.split('.')[2] ?? token, 'quiet word', 'Unmentioned', 'Bearer']) {
    assert.ok(!logged.includes(secret), secret.slice(0, 12));
  }
});

test('what a careless line hands over whole is left out', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: line => void lines.push(line) });
  log.info(
    { token: 'secret-1', order: { token: 'secret-2', body: { text: 'secret-3' } }, auth: { x: 'secret-4' } },
    'careless',
  );
  assert.match(lines.join(''), /careless/);
  assert.doesNotMatch(lines.join(''), /secret/);
});
