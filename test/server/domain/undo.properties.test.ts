/**
 * Undo, whatever was done before and in between: it takes back one's own work as far as it stands,
 * and nobody else's.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { Shape } from '../../../protocol/timeline/state.js';
import type { Outcome } from '../../../server/domain/room-turn.js';
import { holds } from '../../support/properties/holds.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { shownOnBoard } from '../../support/properties/shown.js';
import { CAST, type Given, story, strokeOf, tellAll } from '../../support/properties/story.js';
import { draw, isDraw, isUndo, post, undo } from '../../support/commands.js';

/** A room in which a story has happened. */
class Scene {
  readonly room = new ReferenceRoom();
  readonly #server = new RoomServer(this.room);
  #undos = 0;

  give(given: Given): Outcome {
    return this.#server.take([given])[0] ?? assert.fail();
  }

  /** The command's author undoes it. @returns the undo's command */
  undo({ actor, command }: Given): Given {
    this.#undos += 1;
    const id = `undo-${String(this.#undos).padStart(11, '0')}`;
    const undoing: Given = { actor, command: { id, body: undo(command.id) } };
    this.give(undoing);
    return undoing;
  }

  get seq(): number {
    return this.room.whole.seq;
  }

  get board(): readonly Shape[] {
    return shownOnBoard(this.room.whole);
  }
}

test('it changes what its own command did and nobody has changed since, and nothing else', t =>
  holds(
    t,
    fc.property(story(60), done => {
      const scene = new Scene();
      const { whole, accepted } = scene.room;
      for (const given of tellAll(done)) {
        const before = new Map(whole.shapes);
        const { seq } = scene;
        scene.give(given);
        const { actor, command } = given;
        if (!isUndo(command.body) || scene.seq === seq) continue;
        const { command: undone } = command.body;
        const target = accepted.find(({ person, id }) => person === actor.person.id && id === undone);
        assert.ok(target, 'only an own command is undone');
        const touched = [...before.values()].filter(shape => whole.shapes.get(shape.id) !== shape);
        assert.ok(touched.length > 0);
        for (const was of touched) {
          const is = whole.shapes.get(was.id) ?? assert.fail();
          assert.equal(was.since, target.seq, 'nothing has touched it since');
          assert.notEqual(is.hidden, was.hidden);
          if (is.hidden) assert.equal(whole.people.get(was.by)?.id, actor.person.id, 'only own drawings are hidden');
          const { hidden: _, since: __, ...drawing } = is;
          const { hidden: ___, since: ____, ...drawingBefore } = was;
          assert.deepEqual(drawing, drawingBefore);
        }
      }
    }),
    { runs: 300 },
  ));

test('what others drew or hid after a command is as it is, however its author undoes', t =>
  holds(
    t,
    fc.property(story(40), story(15), fc.nat({ max: 40 }), (first, then, place) => {
      const scene = new Scene();
      const told = tellAll(first);
      for (const given of told) scene.give(given);
      const mine = told.filter(({ actor, command }) => actor === CAST.ann && !isUndo(command.body));
      const undone = mine[place % Math.max(1, mine.length)];
      if (!undone) return;
      const { seq } = scene;
      const others = tellAll(then).filter(({ actor }) => actor.person.id !== CAST.ann.person.id);
      for (const { actor, command } of others) scene.give({ actor, command: { ...command, id: `then-${command.id}` } });
      const theirs = [...scene.room.whole.shapes.values()].filter(({ since }) => since > seq);
      scene.undo(undone);
      for (const shape of theirs) assert.deepEqual(scene.room.whole.shapes.get(shape.id), shape);
    }),
    { runs: 200 },
  ));

test('undone twice is undone once; an undone drawing comes back by undoing the undo, exactly as it was', t =>
  holds(
    t,
    fc.property(story(40), fc.nat({ max: 40 }), (done, place) => {
      const scene = new Scene();
      const told = tellAll(done).filter(({ actor }) => actor.role !== 'viewer');
      for (const given of told) scene.give(given);
      const target = told[place % Math.max(1, told.length)];
      if (!target) return;
      const [seq, before] = [scene.seq, scene.board];
      const undoing = scene.undo(target);
      const [undoneSeq, undone] = [scene.seq, scene.board];
      scene.undo(target);
      assert.equal(scene.seq, undoneSeq, 'nothing is left to undo');
      scene.undo(undoing);
      if (undone.length > before.length) {
        // It had shown what an erasing hid: that is hidden again by erasing again.
        assert.deepEqual(scene.board, undone);
      } else {
        assert.deepEqual(scene.board, before);
        assert.equal(scene.seq > undoneSeq, undoneSeq > seq);
      }
    }),
    { runs: 300 },
  ));

test('who takes back all their drawings leaves none of them on the board', t =>
  holds(
    t,
    fc.property(story(50), done => {
      const scene = new Scene();
      const told = tellAll(done);
      for (const given of told) scene.give(given);
      const { id } = CAST.ann.person;
      const drawings = told.filter(({ actor, command: { body } }) => actor.person.id === id && isDraw(body));
      for (const given of drawings.reverse()) scene.undo(given);
      // What the server kept of an unfinished stroke was no command of theirs.
      const left = scene.board.filter(({ by, partial }) => !partial && scene.room.whole.people.get(by)?.id === id);
      assert.deepEqual(left, []);
    }),
    { runs: 200 },
  ));

test('it goes back exactly as many of one’s own commands as is promised, whatever others do', t =>
  holds(
    t,
    fc.property(
      fc.integer({ min: LIMITS.undoDepth - 3, max: LIMITS.undoDepth + 3 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.boolean()),
      (later, sizes, chance) => {
        const room = new ReferenceRoom();
        const server = new RoomServer(room);
        const given: Given[] = [];
        const drawing = (actor: Given['actor']): Given => {
          const number = given.length;
          const id = `command-${String(number).padStart(8, '0')}`;
          return { actor, command: { id, body: draw(strokeOf(number, 'AA')) } };
        };
        for (let mine = 0; mine <= later; mine += 1) {
          given.push(drawing(CAST.ann));
          // What others do, and what is no work on the board, does not count.
          if (chance.next().value === true) given.push(drawing(CAST.ben));
          if (chance.next().value === true) given.push(saying(`said-${mine}`));
        }
        given.push({ actor: CAST.ann, command: { id: 'undo', body: undo('command-00000000') } });
        const outcomes: Outcome[] = [];
        for (let turn = 0; outcomes.length < given.length; turn += 1) {
          const from = outcomes.length;
          outcomes.push(...server.take(given.slice(from, from + (sizes[turn % sizes.length] ?? 1))));
        }
        const last = outcomes.at(-1);
        if (later < LIMITS.undoDepth) assert.equal(last, room.whole.seq);
        else assert.ok(last instanceof RefusedError && last.code === 'undo_too_old');
        assert.equal(room.whole.shapes.get('shape000')?.hidden === true, later < LIMITS.undoDepth);
      },
    ),
    { runs: 30 },
  ));

function saying(id: string): Given {
  return { actor: CAST.ann, command: { id, body: post('hello') } };
}
