/**
 * Strokes whose authors vanish in the middle: whatever comes in between, one stroke is one shape,
 * and its finish is never lost.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { holds } from '../../support/properties/holds.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { CAST, type Given, shapeId, story, strokeOf, tellAll } from '../../support/properties/story.js';
import { clear, draw, erase, isCompleted, isDraw, isDrawn, isKeep, keep, undo } from '../../support/commands.js';

test('one id is one shape of one author, drawn once, growing while it is partial, and whole for ever once it is', t =>
  holds(
    t,
    fc.property(story(80), done => {
      const room = new ReferenceRoom();
      const server = new RoomServer(room);
      for (const given of tellAll(done)) {
        const { actor, command } = given;
        const before = new Map(room.whole.shapes);
        const { seq } = room.whole;
        const [outcome] = server.take([given]);
        for (const event of room.after(seq)) {
          if (!isDrawn(event) && !isCompleted(event)) continue;
          const { shape, by, partial } = event;
          const was = before.get(shape.id);
          assert.equal(was !== undefined, isCompleted(event));
          assert.equal(partial === true, isKeep(command.body));
          assert.equal(room.whole.people.get(by)?.id, actor.person.id);
          if (!was) continue;
          assert.equal(was.partial, true, 'what is whole is never drawn over');
          assert.equal(was.by, by, 'nobody completes the stroke of another');
          assert.equal(room.whole.shapes.get(shape.id)?.hidden, was.hidden, 'what was hidden stays so');
          if (partial) assert.ok(shape.content.points.length > was.content.points.length, 'what is kept only grows');
        }
        if (isDraw(command.body) && room.whole.seq > seq) {
          assert.equal(outcome, room.whole.seq);
          const { id, content } = command.body.shape;
          const is = room.whole.shapes.get(id);
          assert.deepEqual([is?.content, is?.partial, is?.seq], [content, undefined, room.whole.seq]);
        }
      }
    }),
    { runs: 300 },
  ));

/** What may happen around one stroke of Ann's, in any order. */
const MOMENTS = [
  'kept early',
  'kept late',
  'kept late again',
  'finished',
  'finish sent again',
  'finish sent twice at once',
  'drawn by another',
  'erased by another',
  'erasing undone',
  'cleared',
  'clearing undone',
  'finish undone',
  'undo undone',
] as const;
type Moment = (typeof MOMENTS)[number];

const [START, MIDDLE, WHOLE] = ['AA', 'AAUK', 'AAUKVKAAAA'];

const FINISH = given('finish', 'ann', draw(strokeOf(0, WHOLE)));
const COMMANDS: Record<Moment, readonly Given[]> = {
  'kept early': [given('early', 'ann', keep(strokeOf(0, START)))],
  'kept late': [given('late', 'ann', keep(strokeOf(0, MIDDLE)))],
  'kept late again': [given('late again', 'ann', keep(strokeOf(0, MIDDLE)))],
  finished: [FINISH],
  'finish sent again': [FINISH],
  'finish sent twice at once': [FINISH, FINISH],
  'drawn by another': [given('theft', 'ben', draw(strokeOf(0, MIDDLE)))],
  'erased by another': [given('erase', 'ben', erase([shapeId(0)]))],
  'erasing undone': [given('unerase', 'ben', undo('erase'))],
  cleared: [given('clear', 'mo', clear())],
  'clearing undone': [given('unclear', 'mo', undo('clear'))],
  'finish undone': [given('undo', 'ann', undo('finish'))],
  'undo undone': [given('redo', 'ann', undo('undo'))],
};

function given(id: string, who: keyof typeof CAST, body: Given['command']['body']): Given {
  return { actor: CAST[who], command: { id, body } };
}

test('a stroke that its author finishes is there whole, once, and one undo takes it back', t =>
  holds(
    t,
    fc.property(
      fc.shuffledSubarray([...MOMENTS]),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
      (moments, turns) => {
        const room = new ReferenceRoom();
        const server = new RoomServer(room);
        const commands = moments.flatMap(moment => COMMANDS[moment]);
        const finishes = new Set<unknown>();
        for (let taken = 0, turn = 0; taken < commands.length; turn += 1) {
          const [size, forgets] = turns[turn % turns.length] ?? assert.fail();
          if (forgets) server.forget();
          const batch = commands.slice(taken, taken + size);
          for (const [index, outcome] of server.take(batch).entries()) {
            if (batch[index] === FINISH) finishes.add(outcome instanceof RefusedError ? outcome.code : outcome);
          }
          taken += size;
        }
        const stolen = moments.includes('drawn by another') && room.whole.shapes.get(shapeId(0))?.by !== annIndex(room);
        assert.ok(room.events.filter(isDrawn).length <= 1);
        if (finishes.size === 0) return;
        assert.equal(finishes.size, 1, 'each sending of the finish is answered with the same');
        if (stolen) {
          assert.deepEqual([...finishes], ['shape_id_taken']);
          return;
        }
        const shape = room.whole.shapes.get(shapeId(0));
        assert.deepEqual([shape?.content.points, shape?.partial], [WHOLE, undefined]);
        if (shape?.hidden) return;
        server.take([given('last undo', 'ann', undo('finish'))]);
        assert.equal(room.whole.shapes.get(shapeId(0))?.hidden, true);
        server.take([given('last redo', 'ann', undo('last undo'))]);
        assert.deepEqual(room.whole.shapes.get(shapeId(0)), shape);
      },
    ),
    { runs: 500 },
  ));

function annIndex({ whole }: ReferenceRoom): number | undefined {
  for (const [index, person] of whole.people) if (person.id === CAST.ann.person.id) return index;
  return undefined;
}
