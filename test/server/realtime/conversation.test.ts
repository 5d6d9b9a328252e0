import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';
import { typesOf } from '../../support/commands.js';

test('what one says and draws, everyone in the room is told once, the author too', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann', name: 'Ann' });
  const bob = await Talker.enter(backend, { person: 'bob', name: 'Bob' });
  const joined = await ann.join('algebra');
  assert.equal(joined.role, 'member');
  assert.deepEqual(joined.you.person, { id: 'ann', name: 'Ann' });
  assert.deepEqual(joined.head.seq, 0);
  await bob.join('algebra');

  const seq = await ann.post('algebra', 'hello');
  for (const one of [ann, bob]) {
    const { room, epoch, events } = await one.hears('events');
    assert.equal(room, 'algebra');
    assert.equal(epoch, joined.head.epoch);
    assert.deepEqual(typesOf(events), ['entered', 'posted']);
    assert.equal(events.at(-1)?.seq, seq);
  }
});
