import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../../protocol/limits.js';
import type { Effect } from '../../../../protocol/timeline/effects.js';
import { emptyState } from '../../../../protocol/timeline/state.js';
import { type Append, StorageError } from '../../../../server/domain/storage.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke, withPoints } from '../../../support/strokes.js';
import * as told from '../../../support/commands.js';
import { ANN, BEN, keep, look, type NewHome, appended } from './home.js';

const ROOM = roomKey('acme', 'algebra');
const nothing = { after: undefined, commands: [], undos: [], shapes: [], messages: [] };

export function turnsContract(newHome: NewHome): void {
  test('a new room comes into being empty, with an epoch that stays', async t => {
    const storage = await (await newHome(t)).open();
    const { state } = await look(storage, ROOM);
    assert.ok(state);
    assert.match(state.epoch, /^[A-Za-z0-9_-]{16}$/);
    assert.deepEqual(state, emptyState(state.epoch));
    assert.deepEqual(await storage.head(ROOM), {
      epoch: state.epoch,
      seq: 0,
      floor: 0,
      redactions: 0,
      title: 'algebra',
    });
    assert.equal((await look(storage, ROOM)).state?.epoch, state.epoch);
  });

  test('a turn hands over the whole state, and later only what came since', async t => {
    const storage = await (await newHome(t)).open();
    const drawn = stroke();
    const { events: first } = await keep(storage, ROOM, [told.entered(BEN), told.drawn(drawn)]);
    const whole = await look(storage, ROOM);
    assert.deepEqual(whole.events, []);
    assert.deepEqual(whole.state?.people, new Map([[1, BEN]]));
    assert.deepEqual(whole.state.shapes.get(drawn.id), { ...drawn, by: 1, at: first[1]?.at, seq: 2, since: 2 });

    const { events: second } = await keep(storage, ROOM, [told.posted('hello')]);
    const { epoch } = whole.state;
    const since = await look(storage, ROOM, { after: { epoch, seq: 2 } });
    assert.equal(since.state, undefined);
    assert.deepEqual(since.events, second);
    assert.deepEqual((await look(storage, ROOM, { after: { epoch, seq: 3 } })).events, []);
    assert.ok(
      (await look(storage, ROOM, { after: { epoch: 'another', seq: 2 } })).state,
      'another epoch needs all of it',
    );
    assert.ok(
      (await look(storage, ROOM, { after: { epoch, seq: 9 } })).state,
      'a position past the end needs all of it',
    );
  });

  test('one turn serves many rooms, and keeps all of them or none', async t => {
    const storage = await (await newHome(t)).open();
    const rooms = ['a', 'b', 'c'].map(name => roomKey('acme', name));
    const message = (room: (typeof rooms)[number], prev: number): Append => ({
      room,
      events: [appended(told.posted('hello'), { seq: prev + 1, prev, at: 1, by: 1, command: 'c' })],
      accepted: [],
    });
    const requests = rooms.map(room => ({ room, ...nothing }));
    await storage.turn(requests, opened => opened.map(({ room }) => message(room, 0)));
    for (const room of rooms) assert.equal((await storage.head(room)).seq, 1);

    // The last room's append does not fit its timeline: the ones before it are not kept either.
    for (const misfit of [0, 2, 5]) {
      const turn = storage.turn(requests, opened =>
        opened.map(({ room }, index) => message(room, index === 2 ? misfit : 1)),
      );
      await assert.rejects(turn, StorageError);
    }
    for (const room of rooms) assert.equal((await storage.head(room)).seq, 1);
    assert.equal((await storage.tail(ROOM, 0, 10)).length, 0);
  });

  test('a turn whose deciding fails keeps nothing, and the next one works', async t => {
    const storage = await (await newHome(t)).open();
    const fault = new Error('decided wrongly');
    const turn = storage.turn([{ room: ROOM, ...nothing }], () => {
      throw fault;
    });
    await assert.rejects(turn, fault);
    await keep(storage, ROOM, [told.posted('hello')]);
    assert.equal((await storage.head(ROOM)).seq, 1);
  });

  test('an accepted command is known to its person, in its room, also after opening again', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const { accepted } = await keep(storage, ROOM, [told.posted('x')], { undoable: false });
    await storage.close();

    const again = await home.open();
    const mine = { person: ANN.id, id: accepted.id };
    const others = { person: BEN.id, id: accepted.id };
    const commands = [others, mine, { person: ANN.id, id: 'never-sent-it-16' }];
    assert.deepEqual((await look(again, ROOM, { commands })).accepted, [accepted]);
    assert.deepEqual((await look(again, roomKey('acme', 'other'), { commands })).accepted, []);
    assert.deepEqual((await look(again, roomKey('zeta', 'algebra'), { commands })).accepted, []);
  });

  test('an accepted command without an event is kept', async t => {
    const storage = await (await newHome(t)).open();
    const { accepted } = await keep(storage, ROOM, [], { undoable: false });
    const { person, id } = accepted;
    assert.deepEqual((await look(storage, ROOM, { commands: [{ person, id }] })).accepted, [{ ...accepted, seq: 0 }]);
  });

  test('one command id is accepted once', async t => {
    const storage = await (await newHome(t)).open();
    const command = 'same-same-same-s';
    await keep(storage, ROOM, [told.posted('one')], { command });
    await assert.rejects(keep(storage, ROOM, [told.posted('two')], { command }), StorageError);
    assert.equal((await storage.head(ROOM)).seq, 1);
  });

  test('shapes are found by id, hidden or not', async t => {
    const storage = await (await newHome(t)).open();
    const [seen, erased] = [stroke(), stroke()];
    await keep(storage, ROOM, [told.drawn(seen)]);
    await keep(storage, ROOM, [told.drawn(erased)]);
    await keep(storage, ROOM, [told.erased([erased.id])]);
    const { shapes, state } = await look(storage, ROOM, { shapes: [erased.id, seen.id, 'unheard-'] });
    assert.deepEqual(
      shapes.map(({ id, hidden, since }) => ({ id, hidden, since })),
      [
        { id: erased.id, hidden: true, since: 3 },
        { id: seen.id, hidden: undefined, since: 1 },
      ],
    );
    assert.deepEqual([...(state?.shapes.keys() ?? [])], [seen.id], 'the state has visible shapes alone');
  });

  test('an undo is handed the shapes that its command was the last to show or hide', async t => {
    const storage = await (await newHome(t)).open();
    const [first, second, third] = [stroke(), stroke(), stroke()];
    const drawn = await keep(storage, ROOM, [told.drawn(first)]);
    const drawnSecond = await keep(storage, ROOM, [told.drawn(second)]);
    await keep(storage, ROOM, [told.drawn(third)]);
    const loaded = async (id: string) => {
      const { shapes, undos } = await look(storage, ROOM, { undos: [{ person: ANN.id, id }] });
      assert.equal(undos.length, 1);
      return shapes.map(shape => [shape.id, shape.hidden ?? false]).sort();
    };
    const pairs = (...list: (readonly [string, boolean])[]) => list.map(pair => [...pair]).sort();
    assert.deepEqual(await loaded(drawn.accepted.id), pairs([first.id, false]));

    const erased = await keep(storage, ROOM, [told.erased([first.id])]);
    assert.deepEqual(await loaded(drawn.accepted.id), []);
    assert.deepEqual(await loaded(erased.accepted.id), pairs([first.id, true]));

    const cleared = await keep(storage, ROOM, [told.cleared()]);
    assert.deepEqual(await loaded(cleared.accepted.id), pairs([second.id, true], [third.id, true]));

    const undone = await keep(storage, ROOM, [told.undone(5, 2)]);
    assert.deepEqual(await loaded(cleared.accepted.id), []);
    assert.deepEqual(await loaded(undone.accepted.id), []);
    assert.deepEqual(await loaded(drawnSecond.accepted.id), pairs([second.id, false]));
    const { state } = await look(storage, ROOM);
    assert.deepEqual([...(state?.shapes.keys() ?? [])], [second.id, third.id]);
  });

  test('an undone drawing is hidden, and an undone undo shows it again', async t => {
    const storage = await (await newHome(t)).open();
    const drawn = stroke();
    await keep(storage, ROOM, [told.drawn(drawn)]);
    await keep(storage, ROOM, [told.undone(1, 1)]);
    assert.deepEqual((await storage.snapshot(ROOM)).shapes, []);
    await keep(storage, ROOM, [told.undone(2, 1)]);
    assert.deepEqual((await storage.snapshot(ROOM)).shapes, [{ ...drawn, by: 1, at: 1_000, seq: 1 }]);
  });

  test('a partial shape is completed where it lies, or where it is hidden', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const [part, erased] = [stroke({ points: 'AACC' }), stroke({ points: 'AAEE' })];
    await keep(storage, ROOM, [told.drawn(part, { partial: true })]);
    await keep(storage, ROOM, [told.drawn(erased, { partial: true })]);
    await keep(storage, ROOM, [told.completed(withPoints(part, 'AACCCC'), { partial: true })]);
    const growing = { ...withPoints(part, 'AACCCC'), by: 1, at: 1_002, seq: 3, partial: true } as const;
    const lying = { ...erased, by: 1, at: 1_001, seq: 2, partial: true } as const;
    assert.deepEqual((await storage.snapshot(ROOM)).shapes, [lying, growing]);

    await keep(storage, ROOM, [told.erased([erased.id])]);
    const whole = [part, erased].map(({ id }) => stroke({ id, points: 'AAGGGG' }));
    const completed = [];
    for (const stroke of whole) {
      completed.push(await keep(storage, ROOM, [told.completed(stroke)]));
    }
    await storage.close();

    // As another server finds them.
    const again = await home.open();
    const { shapes } = await look(again, ROOM, { shapes: [part.id, erased.id] });
    assert.deepEqual(shapes, [
      { ...whole[0], by: 1, at: 1_004, seq: 5, since: 5 },
      { ...whole[1], by: 1, at: 1_005, seq: 6, since: 4, hidden: true },
    ]);
    const undos = completed.map(({ accepted }) => ({ person: ANN.id, id: accepted.id }));
    assert.deepEqual(
      (await look(again, ROOM, { undos })).shapes.map(({ id }) => id),
      [part.id],
      'what hid the other was not its completion',
    );
    await keep(again, ROOM, [told.undone(5, 1)]);
    await keep(again, ROOM, [told.undone(4, 1)]);
    await keep(again, ROOM, [told.undone(7, 1)]);
    assert.deepEqual(
      (await again.snapshot(ROOM)).shapes.map(({ id, seq }) => [id, seq]),
      [
        [part.id, 5],
        [erased.id, 6],
      ],
    );
  });

  test('rows that are not what an effect speaks of fail the turn', async t => {
    const storage = await (await newHome(t)).open();
    const known = stroke();
    await keep(storage, ROOM, [told.drawn(known), told.posted('hello')]);
    const shape = { ...stroke(), by: 1, at: 1, seq: 3, since: 3 };
    const message = { seq: 9, by: 1, at: 1, text: 'unheard of' };
    const unfit: readonly Effect[] = [
      { type: 'putShape', shape, isNew: false },
      { type: 'putShape', shape: { ...shape, id: known.id }, isNew: true },
      { type: 'hideShapes', ids: ['unheard-'], since: 3 },
      { type: 'hideShapes', ids: [known.id, 'unheard-'], since: 3 },
      { type: 'showShapes', ids: [known.id] },
      { type: 'removeShapes', ids: ['unheard-'] },
      { type: 'putMessage', message, isNew: false },
      { type: 'putMessage', message: { ...message, seq: 2 }, isNew: true },
      { type: 'removeMessages', seqs: [9] },
    ];
    for (const effect of unfit) {
      const turn = keep(storage, ROOM, [told.posted('lost')], { effects: [effect] });
      await assert.rejects(turn, StorageError, JSON.stringify(effect));
    }
    await keep(storage, ROOM, [told.entered(ANN)]);
    await assert.rejects(keep(storage, ROOM, [told.entered(BEN)], { by: 1 }), StorageError);
    assert.equal((await storage.head(ROOM)).seq, 3);
  });

  test('an undo is told how many undoable commands its person gave since', async t => {
    const storage = await (await newHome(t)).open();
    const { accepted } = await keep(storage, ROOM, [told.drawn(stroke())]);
    const later = async () => {
      const { undos } = await look(storage, ROOM, { undos: [{ person: ANN.id, id: accepted.id }] });
      return undos.map(({ later, seq }) => ({ later, seq }));
    };
    assert.deepEqual(await later(), [{ seq: 1, later: 0 }]);
    await keep(storage, ROOM, [told.drawn(stroke())], { person: BEN.id });
    await keep(storage, ROOM, [told.posted('hello')], { undoable: false });
    assert.deepEqual(await later(), [{ seq: 1, later: 0 }]);
    for (let drawn = 0; drawn < LIMITS.undoDepth; drawn += 1) {
      await keep(storage, ROOM, [told.drawn(stroke())]);
    }
    assert.deepEqual(await later(), [{ seq: 1, later: LIMITS.undoDepth }]);
  });

  test('what is not undoable, or another person gave, is not handed over for undoing', async t => {
    const storage = await (await newHome(t)).open();
    const said = await keep(storage, ROOM, [told.posted('hello')], { undoable: false });
    const drawn = await keep(storage, ROOM, [told.drawn(stroke())], { person: BEN.id });
    const undos = [said, drawn].map(({ accepted }) => ({ person: ANN.id, id: accepted.id }));
    const opened = await look(storage, ROOM, { undos });
    assert.deepEqual([opened.undos, opened.shapes], [[], []]);
  });
}
