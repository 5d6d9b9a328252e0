import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { stroke } from '../../support/strokes.js';
import { enter, reaches, settledShapes, shapeIds, until } from './people.js';

test('undo and redo are seen at once, and are what the server makes of them', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const [one, two] = [stroke(), stroke()];
  ann.draw(one);
  ann.draw(two);
  // Nothing of all this is acknowledged yet.
  assert.deepEqual(shapeIds(ann), [one.id, two.id]);
  ann.undo();
  assert.deepEqual(shapeIds(ann), [one.id]);
  ann.undo();
  assert.deepEqual(shapeIds(ann), []);
  assert.deepEqual([ann.canUndo, ann.canRedo], [false, true]);
  ann.redo();
  assert.deepEqual(shapeIds(ann), [one.id]);
  await ann.settled();
  assert.deepEqual(await settledShapes(ben, 1), [one.id]);
  assert.deepEqual(shapeIds(ann), [one.id]);

  // And once more when everything is.
  ann.redo();
  assert.deepEqual(shapeIds(ann), [one.id, two.id]);
  ann.erase([one.id]);
  assert.deepEqual(shapeIds(ann), [two.id]);
  assert.equal(ann.canRedo, false);
  ann.undo();
  assert.deepEqual(shapeIds(ann), [one.id, two.id]);
  await ann.settled();
  await until(ben, ({ board }) => board.shapes.size === 2);
  assert.deepEqual(await settledShapes(ann, 2), [one.id, two.id]);
  assert.deepEqual(shapeIds(ben), [one.id, two.id]);
});

test('an undo takes nothing back that somebody else did since', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const [kept, erased] = [stroke(), stroke()];
  for (const one of [kept, erased]) ann.draw(one);
  await settledShapes(ben, 2);
  ann.erase([kept.id, erased.id]);
  await settledShapes(ben, 0);
  ann.undo();
  await settledShapes(ben, 2);
  ben.erase([erased.id]);
  await settledShapes(ann, 1);
  // Taken back: the erasing again, for what is still as it left it.
  ann.redo();
  assert.deepEqual(shapeIds(ann), []);
  ann.undo();
  assert.deepEqual(shapeIds(ann), [kept.id]);
  await ann.settled();
  assert.deepEqual(await settledShapes(ann, 1), [kept.id]);
  assert.deepEqual(await settledShapes(ben, 1), [kept.id]);
});

test('erasing and drawing are undone one after the other and come again, before the server says so as after', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const drawn = stroke();
  ann.draw(drawn);
  await ann.settled();
  await settledShapes(ann, 1);
  ann.erase([drawn.id]);
  ann.undo();
  assert.deepEqual(shapeIds(ann), [drawn.id]);
  ann.undo();
  assert.deepEqual(shapeIds(ann), []);
  await ann.settled();
  assert.deepEqual(await settledShapes(ann, 0), []);
  ann.redo();
  assert.deepEqual(shapeIds(ann), [drawn.id]);
  ann.redo();
  assert.deepEqual(shapeIds(ann), []);
  await ann.settled();
  assert.deepEqual(await settledShapes(ann, 0), []);
  ann.undo();
  await ann.settled();
  assert.deepEqual(await settledShapes(ann, 1), [drawn.id]);
});

test('a moderator clears at once, and can take that back', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann', rooms: { '*': 'moderator' } });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const strokes = [stroke(), stroke(), stroke()];
  for (const one of strokes) ben.draw(one);
  await settledShapes(ann, 3);
  ann.clear();
  assert.deepEqual(shapeIds(ann), []);
  await settledShapes(ben, 0);
  ann.undo();
  const ids = strokes.map(({ id }) => id);
  assert.deepEqual(shapeIds(ann), ids);
  assert.deepEqual(await settledShapes(ben, 3), ids);
  assert.deepEqual(await settledShapes(ann, 3), ids);
});

test('what the server refuses is gone from the board again, and can not be undone', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  await reaches(ann, 'connected');
  ann.draw(stroke());
  await ann.settled();
  const refused: string[] = [];
  ann.onRefused(({ command, refusal }) => refused.push(`${command}: ${refusal.code}`));
  ann.clear();
  assert.deepEqual(shapeIds(ann), []);
  ann.draw(stroke({ points: '' }));
  await ann.settled();
  assert.deepEqual(refused, ['board.clear: role_forbidden', 'shape.draw: invalid_input']);
  assert.equal((await settledShapes(ann, 1)).length, 1);
  ann.undo();
  assert.equal(ann.canUndo, false);
  await ann.settled();
  await settledShapes(ann, 0);
});

test('a stroke whose id somebody took is kept under another', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);
  const mine = stroke();
  ben.draw(mine);
  await settledShapes(ann, 1);
  ann.draw({ ...mine, look: { ...mine.look, color: 'red' } });
  await ann.settled();
  await settledShapes(ann, 2);
  await settledShapes(ben, 2);
  assert.deepEqual(
    [...ben.board.shapes.values()].map(({ look }) => look.color),
    ['blue', 'red'],
  );
  ann.undo();
  await settledShapes(ben, 1);
});

test('an undo that needs a shape which came before us brings it all the same', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const [low, high] = [stroke(), stroke()];
  ann.send('before');
  ann.draw(low);
  ann.draw(high);
  ann.erase([low.id]);
  await ann.settled();
  // Who comes now gets a snapshot, without what is hidden.
  const ben = enter(t, backend, { person: 'ben' });
  await reaches(ben, 'connected');
  ben.send('hello');
  await ben.settled();
  const [, key] = ben.messages.map(message => message.key);
  ann.undo();
  assert.deepEqual(await settledShapes(ben, 2), [low.id, high.id]);
  assert.deepEqual(
    ben.messages.map(message => message.text),
    ['before', 'hello'],
  );
  assert.equal(ben.messages[1]?.key, key);
});

test('only the last hundred commands are offered to be undone', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const refused: string[] = [];
  ann.onRefused(({ refusal }) => refused.push(refusal.code));
  for (let count = 0; count < 103; count += 1) ann.draw(stroke());
  let undone = 0;
  for (; ann.canUndo; undone += 1) ann.undo();
  // Each undo is a command too: half of a hundred can be reached.
  assert.equal(undone, 50);
  await ann.settled();
  assert.deepEqual(refused, []);
  assert.equal((await settledShapes(ann, 53)).length, 53);
});

test('without a network undo works on what is waiting', async t => {
  const backend = await startBackend(t);
  const proxy = new NetworkProxy(() => new URL(backend.url));
  t.after(() => proxy.close());
  proxy.mode = 'down';
  const ann = enter(t, backend, { server: await proxy.listen() });
  const [one, two] = [stroke(), stroke()];
  ann.draw(one);
  ann.draw(two);
  ann.erase([one.id]);
  ann.undo();
  ann.undo();
  assert.deepEqual(shapeIds(ann), [one.id]);
  proxy.mode = 'pass';
  await ann.settled();
  assert.deepEqual(await settledShapes(ann, 1), [one.id]);
});
