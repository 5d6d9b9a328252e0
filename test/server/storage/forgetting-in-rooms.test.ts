import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newCommandId } from '../../../protocol/names.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import { evolve, lacks } from '../../../protocol/timeline/evolve.js';
import { fromSnapshot, visibleShapes } from '../../../protocol/timeline/state.js';
import type { Actor } from '../../../server/domain/decide.js';
import { roomKey } from '../../support/room-key.js';
import { actor, storageWithAcme, RoomsUnderTest } from '../../support/rooms.js';
import { stroke } from '../../support/strokes.js';
import { clear, draw, erase, undo } from '../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const PEOPLE: readonly Actor[] = [actor('Ann', 'moderator'), actor('Ben')];
const ANN = PEOPLE[0] ?? assert.fail();

test('undoing what led to a shape that is forgotten changes nothing, and its id is free again', async t => {
  const storage = await storageWithAcme(t);
  const under = new RoomsUnderTest(storage);
  const give = async (body: CommandBody) => {
    const id = newCommandId();
    return { id, seq: await under.give(ROOM, ANN, body, id) };
  };
  const shape = stroke();
  const drawn = await give(draw(shape));
  const erased = await give(erase([shape.id]));
  under.now += 1_000;
  await storage.forget('acme', under.now);
  for (const command of [erased.id, drawn.id, erased.id]) {
    assert.equal((await give(undo(command))).seq, erased.seq);
  }
  const again = await under.give(ROOM, ANN, draw(shape), drawn.id);
  assert.equal(again, drawn.seq, 'a command that is sent again is still known');
  assert.ok((await give(draw(shape))).seq > erased.seq);
  assert.deepEqual(
    (await storage.snapshot(ROOM)).shapes.map(({ id }) => id),
    [shape.id],
  );
  assert.deepEqual(under.faults, []);
});

test('a server that was behind what is forgotten knows what can be seen', async t => {
  const storage = await storageWithAcme(t);
  const [behind, ahead] = [new RoomsUnderTest(storage), new RoomsUnderTest(storage)];
  await behind.give(ROOM, ANN, draw(stroke()));
  const missed = stroke();
  const drawn = await ahead.give(ROOM, ANN, draw(missed));
  await storage.forget('acme', ahead.now + 1);
  assert.equal((await storage.head(ROOM)).floor, drawn);
  await ahead.say(ROOM, ANN, 'hello');
  await behind.give(ROOM, ANN, erase([missed.id]));
  assert.equal((await storage.snapshot(ROOM)).shapes.length, 1);
});

test('whatever is forgotten meanwhile, the rows say what everyone sees', async t => {
  const storage = await storageWithAcme(t);
  // They take turns, so that what one of them has not heard of is forgotten before it could.
  const servers = [new RoomsUnderTest(storage), new RoomsUnderTest(storage)];
  const random = generator(20261121);
  const pick = <Value>(list: readonly Value[]) => list[Math.floor(random() * list.length)] ?? assert.fail();
  let view = fromSnapshot(await storage.snapshot(ROOM));
  const given: { readonly by: Actor; readonly id: string }[] = [];
  let now = 1_000;

  for (let step = 0; step < 600; step += 1) {
    now += 1;
    const server = servers[Math.floor(step / 75) % servers.length] ?? assert.fail();
    server.now = now;
    server.onAnnounce = ({ events }) => {
      for (const event of events) if (event.seq > view.seq && !lacks(view, event)) evolve(view, event);
    };
    const by = pick(PEOPLE);
    const visible = visibleShapes(view);
    const chance = random();
    const id = newCommandId();
    if (chance < 0.05) await storage.forget('acme', now - Math.floor(random() * 60));
    else if (chance < 0.45 || given.length === 0) {
      await server.give(ROOM, by, draw(stroke()), id);
      given.push({ by, id });
    } else if (chance < 0.65 && visible.length > 0) {
      await server.give(ROOM, by, erase([pick(visible).id]), id);
      given.push({ by, id });
    } else if (chance < 0.67) {
      await server.give(ROOM, ANN, clear(), id);
      given.push({ by: ANN, id });
    } else {
      const command = pick(given.slice(-40));
      await server.give(ROOM, command.by, undo(command.id), id);
      given.push({ by: command.by, id });
    }
    const { seq } = await storage.head(ROOM);
    // An event that brings back what this view does not have is left out above: then it takes a
    // snapshot, as a client does.
    if (view.seq !== seq) view = fromSnapshot(await storage.snapshot(ROOM));
    const { shapes } = fromSnapshot(await storage.snapshot(ROOM));
    assert.deepEqual(new Set(visibleShapes(view)), new Set(shapes.values()), `step ${step}`);
  }
  assert.ok((await storage.head(ROOM)).floor > 0);
  assert.deepEqual(
    servers.flatMap(({ faults }) => faults),
    [],
  );
});

/** The same numbers from 0 to 1 at every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
