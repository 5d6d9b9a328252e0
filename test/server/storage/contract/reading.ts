import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../../../protocol/limits.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import * as told from '../../../support/commands.js';
import { ANN, BEN, keep, type NewHome } from './home.js';

const ROOM = roomKey('acme', 'algebra');

export function readingContract(newHome: NewHome): void {
  test('everything is there after opening again', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    await keep(storage, ROOM, [told.entered(ANN), told.posted('Grüße, 世界 👩🏽‍🏫\nsecond line')]);
    await keep(
      storage,
      ROOM,
      [
        told.entered(BEN),
        told.drawn(stroke({ color: '#12ab9f', width: 2.5, scale: -8, pressure: true, points: 'AAA' })),
      ],
      { by: 2 },
    );
    await keep(storage, ROOM, [told.entered({ ...ANN, name: 'Ann B.' })]);
    await storage.setReadPosition(ROOM, ANN.id, 3);
    const before = [await storage.head(ROOM), await storage.snapshot(ROOM), await storage.tail(ROOM, 0, 100)];
    await storage.close();

    const again = await home.open();
    const after = [await again.head(ROOM), await again.snapshot(ROOM), await again.tail(ROOM, 0, 100)];
    assert.deepEqual(after, before);
    assert.equal(await again.readPosition(ROOM, ANN.id), 3);
    assert.deepEqual((await again.snapshot(ROOM)).people, [
      [1, { ...ANN, name: 'Ann B.' }],
      [2, BEN],
    ]);
  });

  test('the same room name on two sites is two rooms', async t => {
    const storage = await (await newHome(t)).open();
    const other = roomKey('zeta', 'algebra');
    await keep(storage, ROOM, [told.entered(ANN), told.posted('only here'), told.drawn(stroke({ id: 'same-id-' }))]);
    await storage.setReadPosition(ROOM, ANN.id, 2);
    const { epoch, ...rest } = await storage.snapshot(other);
    assert.notEqual(epoch, (await storage.head(ROOM)).epoch);
    assert.deepEqual(rest, { seq: 0, redactions: 0, people: [], messages: [], more: false, shapes: [], settings: [] });
    assert.deepEqual(await storage.tail(other, 0, 10), []);
    assert.deepEqual(await storage.messages(other, 100, 10), { people: [], messages: [], more: false });
    assert.equal(await storage.readPosition(other, ANN.id), 0);
    await keep(storage, other, [told.drawn(stroke({ id: 'same-id-' }))]);
    await keep(storage, other, [told.cleared()]);
    assert.equal((await storage.snapshot(ROOM)).shapes.length, 1);
  });

  test('a snapshot has the authors, the newest messages and the visible shapes, lowest first', async t => {
    const storage = await (await newHome(t)).open();
    const count = LIMITS.messagesPerPage + 2;
    const texts = Array.from({ length: count }, (_, index) => `message ${index}`);
    const drawn = [stroke(), stroke(), stroke()];
    await keep(storage, ROOM, [told.entered(ANN)]);
    await keep(
      storage,
      ROOM,
      texts.map(text => told.posted(text)),
    );
    await keep(
      storage,
      ROOM,
      drawn.map(stroke => told.drawn(stroke)),
    );
    await keep(storage, ROOM, [told.erased([drawn[1]?.id ?? ''])]);
    const { seq, people, messages, more, shapes } = await storage.snapshot(ROOM);
    assert.equal(seq, 1 + count + 4);
    assert.deepEqual(people, [[1, ANN]]);
    assert.deepEqual(
      messages.map(({ text }) => text),
      texts.slice(2),
    );
    assert.deepEqual(messages[0], { seq: 4, by: 1, at: 1_003, text: 'message 2' });
    assert.equal(more, true);
    assert.deepEqual(
      shapes.map(({ id }) => id),
      [drawn[0]?.id, drawn[2]?.id],
    );
  });

  test('history pages back to the first message, each page with its authors', async t => {
    const storage = await (await newHome(t)).open();
    await keep(storage, ROOM, [told.entered(ANN)]);
    await keep(storage, ROOM, [told.entered(BEN)], { by: 2 });
    for (let number = 0; number < 5; number += 1) {
      await keep(storage, ROOM, [told.posted(`m${number}`)], { by: number === 0 ? 1 : 2 });
    }
    const texts = (page: Awaited<ReturnType<typeof storage.messages>>) => page.messages.map(({ text }) => text);
    const newest = await storage.messages(ROOM, Number.MAX_SAFE_INTEGER, 2);
    assert.deepEqual([texts(newest), newest.more], [['m3', 'm4'], true]);
    assert.deepEqual(newest.people, [[2, BEN]]);
    const middle = await storage.messages(ROOM, newest.messages[0]?.seq ?? 0, 2);
    assert.deepEqual([texts(middle), middle.more], [['m1', 'm2'], true]);
    const oldest = await storage.messages(ROOM, middle.messages[0]?.seq ?? 0, 2);
    assert.deepEqual([texts(oldest), oldest.more], [['m0'], false]);
    assert.deepEqual(oldest.people, [[1, ANN]]);
    const exactly = await storage.messages(ROOM, middle.messages[0]?.seq ?? 0, 1);
    assert.equal(exactly.more, false);
  });

  test('the tail is paged in order, each event naming the one before it', async t => {
    const storage = await (await newHome(t)).open();
    const { events } = await keep(
      storage,
      ROOM,
      ['a', 'b', 'c'].map(text => told.posted(text)),
    );
    assert.deepEqual(await storage.tail(ROOM, 0, 2), events.slice(0, 2));
    assert.deepEqual(await storage.tail(ROOM, 2, 2), events.slice(2));
    assert.deepEqual(await storage.tail(ROOM, 3, 2), []);
    assert.deepEqual(
      events.map(({ prev }) => prev),
      [0, 1, 2],
    );
  });

  test('a read position only moves forward, and not past the end', async t => {
    const storage = await (await newHome(t)).open();
    assert.equal(await storage.readPosition(ROOM, ANN.id), 0);
    await keep(
      storage,
      ROOM,
      ['a', 'b', 'c'].map(text => told.posted(text)),
    );
    await storage.setReadPosition(ROOM, ANN.id, 2);
    await storage.setReadPosition(ROOM, ANN.id, 1);
    assert.equal(await storage.readPosition(ROOM, ANN.id), 2);
    await Promise.all([3, 1, 2].map(seq => storage.setReadPosition(ROOM, BEN.id, seq)));
    assert.equal(await storage.readPosition(ROOM, BEN.id), 3);
    await storage.setReadPosition(ROOM, ANN.id, Number.MAX_SAFE_INTEGER);
    assert.equal(await storage.readPosition(ROOM, ANN.id), 3);
  });
}
