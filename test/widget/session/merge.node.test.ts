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

/** A world in which page 2 has said something, which everyone has heard. */
async function calmWorld(): Promise<SimulatedWorld> {
  const world = new SimulatedWorld({ page: 6, far: 30 });
  await world.take({ do: 'calm' });
  await world.take({ do: 'say', page: 2 });
  await world.take({ do: 'calm' });
  return world;
}

/** Page 2 says something, and has the answer before the fact. */
async function sayAndHearTheAnswer(world: SimulatedWorld): Promise<void> {
  await world.take({ do: 'say', page: 2 });
  await world.take({ do: 'carry', page: 2, place: 0 });
  await world.take({ do: 'turn' });
  await world.take({ do: 'carry', page: 2, place: 1 });
}

const shownBy = (world: SimulatedWorld): readonly string[] =>
  world.pages[2]?.client.record.messages.map(({ text, state }) => `${text} (${state})`) ?? [];

test('what is acknowledged before it is told stays in sight until it is', async () => {
  const world = await calmWorld();
  await sayAndHearTheAnswer(world);
  assert.deepEqual(shownBy(world), ['said 1 (sent)', 'said 2 (pending)']);
  await world.take({ do: 'calm' });
  assert.deepEqual(shownBy(world), ['said 1 (sent)', 'said 2 (sent)']);
});

test('what a timeline acknowledged that is no more is gone with it', async () => {
  const world = await calmWorld();
  await sayAndHearTheAnswer(world);
  await world.take({ do: 'restore', place: 0 });
  await world.settle();
  assert.deepEqual(shownBy(world), []);
});
