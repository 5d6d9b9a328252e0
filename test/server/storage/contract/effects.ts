import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Effect } from '../../../../protocol/timeline/effects.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import * as told from '../../../support/commands.js';
import { ANN, BEN, keep, look, type NewHome } from './home.js';

const ROOM = roomKey('acme', 'algebra');
const OTHER = roomKey('acme', 'biology');

/** An event of a type that no program knows. */
const strange = { type: 'a.later-version', what: { nobody: ['knows', 1] } };

/** Rows are put, hidden, shown and removed as effects say, whatever type of event they came of. */
export function effectsContract(newHome: NewHome): void {
  test('an event of any type is kept and read as it was, and changes what its effects say', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    const shape = { ...stroke(), by: 2, at: 77, seq: 1, since: 1 };
    const message = { seq: 1, by: 2, at: 77, text: 'said by an unknown event' };
    const effects: readonly Effect[] = [
      { type: 'putPerson', index: 2, person: BEN },
      { type: 'putMessage', message, isNew: true },
      { type: 'putShape', shape, isNew: true, times: 'AB' },
      { type: 'putSetting', name: 'locked', value: true },
      { type: 'putSetting', name: 'locked', value: ['ann', 3] },
    ];
    const { events } = await keep(storage, ROOM, [strange], { effects, waited: 1_234_567_890 });
    assert.equal(events[0]?.waited, 1_234_567_890);
    await storage.close();

    const again = await home.open();
    assert.deepEqual(await again.tail(ROOM, 0, 10), events);
    const { since: _, ...shown } = shape;
    const { epoch } = await again.head(ROOM);
    assert.deepEqual(await again.snapshot(ROOM), {
      epoch,
      seq: 1,
      redactions: 0,
      people: [[2, BEN]],
      messages: [message],
      more: false,
      shapes: [shown],
      settings: [['locked', ['ann', 3]]],
    });
    const { state } = await look(again, ROOM);
    assert.deepEqual(state?.settings, new Map([['locked', ['ann', 3]]]));
    assert.deepEqual(state.shapes, new Map([[shape.id, shape]]));
    assert.deepEqual((await again.snapshot(OTHER)).settings, [], 'of one room alone');
  });

  test('a message is changed where it stands, handed over by its seq, and removed', async t => {
    const storage = await (await newHome(t)).open();
    await keep(storage, ROOM, [told.entered(ANN), told.posted('one'), told.posted('two'), told.posted('three')]);
    const changed = { seq: 3, by: 1, at: 1_002, text: 'TWO' };
    await keep(storage, ROOM, [strange], { effects: [{ type: 'putMessage', message: changed, isNew: false }] });
    const texts = async () => (await storage.snapshot(ROOM)).messages.map(({ text }) => text);
    assert.deepEqual(await texts(), ['one', 'TWO', 'three']);
    const opened = await look(storage, ROOM, { messages: [3, 99] });
    assert.deepEqual(opened.messages, [changed]);
    assert.deepEqual((await look(storage, OTHER, { messages: [3] })).messages, []);

    await keep(storage, ROOM, [strange], { effects: [{ type: 'removeMessages', seqs: [2, 3] }] });
    assert.deepEqual(await texts(), ['three']);
    const page = await storage.messages(ROOM, 100, 10);
    assert.deepEqual([page.messages.length, page.more], [1, false]);
  });

  test('several effects on one row in one turn leave what the last one says', async t => {
    const storage = await (await newHome(t)).open();
    const drawn = stroke();
    const shape = { ...drawn, by: 1, at: 1_000, seq: 1, since: 1 };
    const message = { seq: 1, by: 1, at: 1_000, text: 'first' };
    await keep(storage, ROOM, [strange], {
      effects: [
        { type: 'putShape', shape, isNew: true },
        { type: 'hideShapes', ids: [shape.id], since: 1 },
        { type: 'showShapes', ids: [shape.id] },
        { type: 'putShape', shape: { ...shape, look: { color: 'red', width: 8 } }, isNew: false },
        { type: 'putMessage', message, isNew: true },
        { type: 'putMessage', message: { ...message, text: 'second' }, isNew: false },
        { type: 'putMessage', message: { ...message, seq: 2 }, isNew: true },
        { type: 'removeMessages', seqs: [2] },
      ],
    });
    const { shapes, messages } = await storage.snapshot(ROOM);
    assert.deepEqual(
      shapes.map(({ look }) => look),
      [{ color: 'red', width: 8 }],
    );
    assert.deepEqual(messages, [{ ...message, text: 'second' }]);
  });

  test('a removed shape is gone, and its id can be given out again', async t => {
    const storage = await (await newHome(t)).open();
    const [gone, hidden, stays] = [stroke(), stroke(), stroke()];
    await keep(storage, ROOM, [told.drawn(gone), told.drawn(hidden), told.drawn(stays)]);
    await keep(storage, ROOM, [told.erased([hidden.id])]);
    await keep(storage, ROOM, [strange], { effects: [{ type: 'removeShapes', ids: [gone.id, hidden.id] }] });
    const { shapes, state } = await look(storage, ROOM, { shapes: [gone.id, hidden.id, stays.id] });
    assert.deepEqual(
      shapes.map(({ id }) => id),
      [stays.id],
    );
    assert.deepEqual([...(state?.shapes.keys() ?? [])], [stays.id]);
    const again = { ...gone, by: 1, at: 1, seq: 6, since: 6 };
    await keep(storage, ROOM, [strange], { effects: [{ type: 'putShape', shape: again, isNew: true }] });
    assert.equal((await storage.snapshot(ROOM)).shapes.length, 2);
  });

  test('what is new is counted by what it is, not by the event that it came of', async t => {
    const storage = await (await newHome(t)).open();
    await keep(storage, ROOM, [told.posted('hello'), told.drawn(stroke())]);
    const { seq } = await storage.head(ROOM);
    const message = { seq: seq + 1, by: 1, at: 1, text: 'by another' };
    const changed = { ...message, text: 'and changed' };
    await keep(storage, ROOM, [strange], { effects: [{ type: 'putMessage', message, isNew: true }] });
    await keep(storage, ROOM, [strange], { effects: [{ type: 'putMessage', message: changed, isNew: false }] });
    const [day] = (await storage.usage('acme', 1)).days;
    assert.deepEqual([day?.events, day?.messages, day?.shapes], [4, 2, 1]);
  });
}
