import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextRound } from 'node:timers/promises';

import { startBackend } from '../../support/backend.js';
import { ManualClock } from '../../support/manual-clock.js';
import { Talker } from '../../support/talker.js';

test('each is out when their own token has ended, and nothing is looked at when nobody is left', async t => {
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock });
  const before = clock.waiting;
  const ann = await Talker.enter(backend, { person: 'ann', lifetime: 60 });
  const bob = await Talker.enter(backend, { person: 'bob', lifetime: 600 });
  clock.advance(70_000);
  assert.equal((await ann.hears('bye')).code, 'token_expired');
  await bob.join('lobby');
  await bob.post('lobby', 'still here');
  clock.advance(600_000);
  assert.equal((await bob.hears('bye')).code, 'token_expired');
  await Promise.all([ann.ended(), bob.ended()]);
  clock.advance(10_000);
  // What else a node does now and then on several it does at the same time, and waits again when
  // that is done.
  while (backend.nodes > 1 && clock.waiting < before) await nextRound();
  assert.equal(clock.waiting, before);
});
