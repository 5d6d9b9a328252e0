/**
 * What a later version of the program brings needs no more than its entries in the registries; and
 * this one goes on beside it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId, newShapeId } from '../../protocol/names.js';
import { KINDS } from '../../server/kinds.js';
import { startBackend } from '../support/backend.js';
import { LATER_KINDS, stamp } from '../support/later-version.js';
import { Talker } from '../support/talker.js';

const ROOM = 'open-house';

const order = (body: object, id = newCommandId()) => ({ room: ROOM, id, body });

test('a new command and a new kind of shape are taken, decided, kept and told', async t => {
  const backend = await startBackend(t, { kinds: LATER_KINDS });
  const [ann, bo] = [await Talker.enter(backend), await Talker.enter(backend, { person: 'bo' })];
  for (const talker of [ann, bo]) await talker.join(ROOM);
  const roll = order({ type: 'dice.roll', wish: 4 });
  assert.deepEqual(await ann.askAnything('command', roll), { ok: true, seq: 2 });
  assert.deepEqual(await ann.askAnything('command', roll), { ok: true, seq: 2 }, 'sent again, it is known');
  const other = await ann.askAnything('command', order({ type: 'dice.roll', wish: 5 }, roll.id));
  assert.equal(other.ok || other.error.code, 'command_id_reused');
  const wrong = await ann.askAnything('command', order({ type: 'dice.roll', wish: 7 }));
  assert.equal(wrong.ok || wrong.error.code, 'invalid_input');
  const star = stamp(newShapeId(), 10, 20);
  // No `draw`: what is new is typed by its own module alone.
  assert.deepEqual(await bo.askAnything('command', order({ type: 'shape.draw', shape: star })), { ok: true, seq: 4 });
  const told = await ann.hears('events', ({ events }) => events.some(({ seq }) => seq === 4));
  assert.deepEqual(told.events.at(-1), {
    ...{ seq: 4, prev: 3, by: 2 },
    ...{ at: told.events.at(-1)?.at, command: told.events.at(-1)?.command },
    type: 'shape.drawn',
    shape: star,
  });

  // Everything is kept by its form alone: a server that does not know these kinds serves the room
  // on.
  await backend.restart({ kinds: KINDS });
  const cy = await Talker.enter(backend, { person: 'cy' });
  const { head } = await cy.join(ROOM);
  assert.equal(head.seq, 4);
});
