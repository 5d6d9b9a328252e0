import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { isPosted } from '../../support/commands.js';

// The lengths at which a WebSocket frame's head changes its form lie between these.
for (const length of [1, 40, 3_900]) {
  test(`a message of ${length} characters reaches a WebSocket and a long poll as it was sent`, async t => {
    const backend = await startBackend(t);
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob', transports: ['polling'] });
    await ann.join('lobby');
    await bob.join('lobby');
    const text = '❤é'.repeat(length).slice(0, length);
    await ann.post('lobby', text);
    for (const reader of [ann, bob]) {
      const { events } = await reader.hears('events');
      assert.ok(events.some(event => isPosted(event) && event.text === text));
    }
  });
}

test('a fact of more than 64 KB reaches everyone', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const bob = await Talker.enter(backend, { person: 'bob' });
  await ann.join('lobby');
  await bob.join('lobby');
  const text = '❤'.repeat(4_000);
  // Sent together, they are told together.
  await Promise.all(Array.from({ length: 20 }, () => ann.post('lobby', text)));
  for (let heard = 0; heard < 20;) {
    const { events } = await bob.hears('events');
    heard += events.filter(event => isPosted(event) && event.text === text).length;
  }
});
