/** Single cases of the merge, as small as its properties found them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SimulatedWorld } from '../../support/properties/simulated-world.js';

test('what was acknowledged before the first state came, by a timeline that is no more, does not stay on the board', async () => {
  const world = new SimulatedWorld({ page: 1, far: 1 });
  await world.take({ do: 'say', page: 0 });
  // The answer to its first snapshot is lost, but not that to what it draws.
  await world.take({ do: 'lose', page: 2, place: 0 });
  await world.take({ do: 'draw', page: 2, shape: 0 });
  await world.take({ do: 'calm' });
  await world.take({ do: 'restore', place: 0 });
  await world.settle();
  for (const { client } of world.pages) assert.deepEqual([...client.record.board.shapes.values()], []);
});
