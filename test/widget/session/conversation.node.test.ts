import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from '../../support/backend.js';
import { stroke } from '../../support/strokes.js';
import { enter, reaches, sentTexts, settledShapes, shapeIds, texts, until } from './people.js';

test('two people see the same words and strokes in the same order', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), reaches(ben, 'connected')]);

  for (let number = 0; number < 20; number += 1) {
    ann.send(`ann ${number}`);
    ben.send(`ben ${number}`);
    ann.draw(stroke());
    ben.draw(stroke());
  }
  await Promise.all([ann.settled(), ben.settled()]);
  const [words, otherWords] = await Promise.all([ann, ben].map(session => sentTexts(session, 40)));
  const [ink, otherInk] = await Promise.all([ann, ben].map(session => settledShapes(session, 40)));

  assert.deepEqual(words, otherWords);
  assert.deepEqual(ink, otherInk);
  const own = words?.filter(text => text.startsWith('ann'));
  assert.deepEqual(
    own,
    Array.from({ length: 20 }, (_, number) => `ann ${number}`),
  );
  assert.deepEqual([ann.me?.id, ann.role, ann.title], ['ann', 'member', 'algebra-101']);
});

test('a message is shown at once and keeps its key when it is acknowledged', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  await reaches(ann, 'connected');

  const key = ann.send('  Hello  ');
  assert.deepEqual(texts(ann), ['Hello (pending)']);
  assert.equal(ann.messages[0]?.key, key);
  assert.equal(ann.waiting, 1);

  await until(ann, ({ messages }) => messages[0]?.state === 'sent');
  assert.equal(ann.messages.length, 1);
  assert.deepEqual(
    { ...ann.messages[0], seq: 0, at: 0 },
    {
      key,
      seq: 0,
      at: 0,
      person: { id: 'ann', name: 'ann' },
      own: true,
      text: 'Hello',
      state: 'sent',
    },
  );
});

test('work that is given before the connection is there is delivered', async t => {
  const backend = await startBackend(t);
  const ann = enter(t, backend, { person: 'ann' });
  ann.send('first');
  const drawn = stroke();
  ann.draw(drawn);
  assert.deepEqual(texts(ann), ['first (pending)']);
  assert.equal(ann.board.shapes.get(drawn.id)?.pending, true);
  await ann.settled();
  const ben = enter(t, backend, { person: 'ben' });
  await reaches(ben, 'connected');
  assert.deepEqual(texts(ben), ['first']);
  assert.deepEqual(shapeIds(ben), [drawn.id]);
});
