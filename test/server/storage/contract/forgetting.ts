import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Effect } from '../../../../protocol/timeline/effects.js';
import type { RoomStorage } from '../../../../server/domain/storage.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';
import * as told from '../../../support/commands.js';
import { ANN, keep, look, type NewHome, appended, whileTurnsGoOn } from './home.js';

const ROOM = roomKey('acme', 'algebra');

/** What `keep` dates an event that comes after `seq`. */
const timeAfter = (seq: number) => 1_000 + seq;

const say = (storage: RoomStorage, ...texts: string[]) =>
  keep(
    storage,
    ROOM,
    texts.map(text => told.posted(text)),
  );

export function forgettingContract(newHome: NewHome): void {
  test('messages and log from before a time are forgotten, and nothing of later', async t => {
    const home = await newHome(t);
    const storage = await home.open();
    await say(storage, 'a', 'b', 'c', 'd');
    const { epoch } = await storage.head(ROOM);
    await storage.forget('acme', timeAfter(2));
    const check = async (read: RoomStorage) => {
      assert.deepEqual(await read.head(ROOM), { epoch, seq: 4, floor: 2, redactions: 0, title: 'algebra' });
      const { messages, more, seq } = await read.snapshot(ROOM);
      assert.deepEqual([messages.map(({ text }) => text), more, seq], [['c', 'd'], false, 4]);
      const tail = await read.tail(ROOM, 0, 10);
      assert.deepEqual(
        tail.map(({ seq, prev }) => [seq, prev]),
        [
          [3, 2],
          [4, 3],
        ],
      );
    };
    await check(storage);
    await storage.forget('acme', timeAfter(2));
    await check(storage);
    await storage.close();
    const again = await home.open();
    await check(again);
    await again.forget('acme', timeAfter(100));
    assert.deepEqual(await again.head(ROOM), { epoch, seq: 4, floor: 4, redactions: 0, title: 'algebra' });
    await say(again, 'e');
    assert.deepEqual(
      (await again.snapshot(ROOM)).messages.map(({ text, seq }) => [text, seq]),
      [['e', 5]],
    );
  });

  test('a turn that is behind the floor gets the whole state; one at it or after it, what came since', async t => {
    const storage = await (await newHome(t)).open();
    const drawn = stroke();
    await keep(storage, ROOM, [told.drawn(drawn)]);
    await say(storage, 'a', 'b', 'c');
    await storage.forget('acme', timeAfter(2));
    const { epoch } = await storage.head(ROOM);
    const behind = await look(storage, ROOM, { after: { epoch, seq: 1 } });
    assert.deepEqual([behind.state?.seq, [...(behind.state?.shapes.keys() ?? [])], behind.events], [4, [drawn.id], []]);
    for (const seq of [2, 3, 4]) {
      const { state, events } = await look(storage, ROOM, { after: { epoch, seq } });
      assert.equal(state, undefined);
      assert.deepEqual(
        events.map(event => event.seq),
        [3, 4].filter(number => number > seq),
      );
    }
  });

  test('what can be seen on the board stays, and what was hidden before is forgotten', async t => {
    const storage = await (await newHome(t)).open();
    const [seen, erased, erasedLater] = [stroke(), stroke(), stroke()];
    for (const one of [seen, erased, erasedLater]) await keep(storage, ROOM, [told.drawn(one)]);
    const erasing = await keep(storage, ROOM, [told.erased([erased.id])]);
    const later = await keep(storage, ROOM, [told.erased([erasedLater.id])]);
    await storage.forget('acme', timeAfter(4));
    const ids = [seen.id, erased.id, erasedLater.id];
    const known = await look(storage, ROOM, { shapes: ids });
    assert.deepEqual(
      known.shapes.map(({ id, hidden }) => [id, hidden ?? false]),
      [
        [seen.id, false],
        [erasedLater.id, true],
      ],
    );
    assert.deepEqual(
      (await storage.snapshot(ROOM)).shapes.map(({ id }) => id),
      [seen.id],
    );

    const undos = [erasing, later].map(({ accepted }) => ({ person: ANN.id, id: accepted.id }));
    const opened = await look(storage, ROOM, { undos });
    assert.deepEqual(
      opened.undos.map(({ seq }) => seq),
      [4, 5],
      'commands are known as long as they are, whatever was forgotten',
    );
    assert.deepEqual(
      opened.shapes.map(({ id }) => id),
      [erasedLater.id],
    );
    await keep(storage, ROOM, [told.undone(5, 1)], { effects: [{ type: 'showShapes', ids: [erasedLater.id] }] });
    assert.equal((await storage.snapshot(ROOM)).shapes.length, 2);
  });

  test('nothing is forgotten while a turn holds it', async t => {
    const storage = await (await newHome(t)).open();
    const drawn = stroke();
    await keep(storage, ROOM, [told.drawn(drawn)]);
    await keep(storage, ROOM, [told.erased([drawn.id])]);
    let forgotten: Promise<void> | undefined;
    await storage.turn([{ room: ROOM, after: undefined, commands: [], undos: [], shapes: [], messages: [] }], () => {
      // From here on the turn holds the room.
      forgotten = storage.forget('acme', 4_000);
      const event = { seq: 3, prev: 2, at: 5_000, by: 1, command: 'c', ...told.undone(2, 1) };
      const effects: readonly Effect[] = [{ type: 'showShapes', ids: [drawn.id] }];
      return [{ room: ROOM, events: [{ event, effects }], accepted: [] }];
    });
    await forgotten;
    assert.deepEqual(
      (await storage.snapshot(ROOM)).shapes.map(({ id }) => id),
      [drawn.id],
    );
    assert.equal((await storage.head(ROOM)).floor, 2);
  });

  test('the log is forgotten from its beginning: what comes after something that is kept is kept', async t => {
    const storage = await (await newHome(t)).open();
    const { epoch } = await storage.head(ROOM);
    const at = [10, 30, 20, 40];
    await storage.turn([{ room: ROOM, after: undefined, commands: [], undos: [], shapes: [], messages: [] }], () => {
      const events = at.map((time, prev) => {
        return appended(told.posted('hello'), { seq: prev + 1, prev, at: time, by: 1, command: 'c' });
      });
      return [{ room: ROOM, events, accepted: [] }];
    });
    await storage.forget('acme', 25);
    assert.deepEqual(await storage.head(ROOM), { epoch, seq: 4, floor: 1, redactions: 0, title: 'algebra' });
    assert.equal((await storage.snapshot(ROOM)).messages.length, 3);
  });

  test('forgetting is of one site, and of all its rooms', async t => {
    const storage = await (await newHome(t)).open();
    const mine = Array.from({ length: 450 }, (_, number) => roomKey('acme', `room-${number}`));
    const other = roomKey('zeta', 'algebra');
    const rooms = [...mine, other];
    await storage.turn(
      rooms.map(room => ({ room, after: undefined, commands: [], undos: [], shapes: [], messages: [] })),
      () =>
        rooms.map(room => {
          const event = appended(told.posted('hello'), { seq: 1, prev: 0, at: 1, by: 1, command: 'c' });
          return { room, events: [event], accepted: [] };
        }),
    );
    await storage.forget('acme', 2);
    const heads = await Promise.all(mine.map(room => storage.head(room)));
    assert.deepEqual(new Set(heads.map(({ floor }) => floor)), new Set([1]));
    assert.equal((await storage.head(other)).floor, 0);
    assert.equal((await storage.snapshot(other)).messages.length, 1);
  });

  test('however much there is to forget, all of it is, and turns go on meanwhile', async t => {
    const storage = await (await newHome(t)).open();
    const texts = Array.from({ length: 6_000 }, (_, number) => `message ${number}`);
    const shapes = Array.from({ length: 1_200 }, () => stroke());
    await say(storage, ...texts);
    await keep(
      storage,
      ROOM,
      shapes.map(one => told.drawn(one)),
    );
    await keep(storage, ROOM, [told.cleared()]);
    const { seq } = await storage.head(ROOM);
    await whileTurnsGoOn(storage, () => storage.forget('acme', timeAfter(seq)));
    assert.equal((await storage.head(ROOM)).floor, seq);
    assert.deepEqual(await storage.tail(ROOM, 0, 10), []);
    assert.deepEqual((await look(storage, ROOM, { shapes: shapes.map(({ id }) => id) })).shapes, []);
  });
}
