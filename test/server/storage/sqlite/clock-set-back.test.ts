import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { packTurn } from '../../../../server/storage/sqlite/packed-turn.js';
import { ACCEPTED_LASTS } from '../../../../server/storage/storage-driver.js';
import { roomKey } from '../../../support/room-key.js';
import { appended, site } from '../contract/home.js';
import { posted } from '../../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const DAY = 24 * 60 * 60_000;
const TODAY = Date.UTC(2026, 10, 21);

/**
 * An engine whose clock the test sets, and a room in which something is said at each moment that it
 * is told.
 */
function start(t: TestContext) {
  const clock = { now: TODAY };
  const database = openDatabase(':memory:', 0);
  const engine = createEngine(database, 'secret', () => clock.now);
  t.after(() => engine.close());
  engine.putSite(site('acme'));
  let seq = 0;
  return {
    clock,
    engine,
    sayAt: (at: number) => {
      const prev = seq;
      seq += 1;
      const event = appended(posted(`${seq}`), { seq, prev, at, by: 1, command: `c${seq}` });
      const accepted = { person: 'ann', id: `c${seq}`, digest: 'd', seq, undoable: false };
      engine.commitTurn(packTurn([{ room: ROOM, events: [event], accepted: [accepted] }]));
    },
    forget: (before: number) => {
      for (let past: string | undefined = ''; past !== undefined;) past = engine.forgetStep('acme', before, past);
      return engine.head(ROOM).floor;
    },
    accepted: () => database.prepare<[], number>('SELECT count(*) FROM accepted').pluck().get(),
  };
}

suite('a clock that was set back', () => {
  test('changes nothing about the order in which things were said', t => {
    const { engine, sayAt } = start(t);
    for (const at of [TODAY, TODAY - DAY, TODAY - 2 * DAY, TODAY]) sayAt(at);
    const texts = ['1', '2', '3', '4'];
    assert.deepEqual(
      engine.tail(ROOM, 0, 10).map(({ seq }) => `${seq}`),
      texts,
    );
    assert.deepEqual(
      engine.messages(ROOM, 10, 10).messages.map(({ text }) => text),
      texts,
    );
  });

  test('what it dated into the future is forgotten with what came after it, and holds that up no more', t => {
    const { sayAt, forget } = start(t);
    for (const at of [TODAY - 9 * DAY, TODAY + 3_650 * DAY, TODAY - 8 * DAY, TODAY - DAY]) sayAt(at);
    assert.equal(forget(TODAY - 7 * DAY), 3);
  });

  test('what it dated into the future is not forgotten before what was said after it', t => {
    const { sayAt, forget } = start(t);
    for (const at of [TODAY - 9 * DAY, TODAY + 3_650 * DAY, TODAY - DAY]) sayAt(at);
    assert.equal(forget(TODAY - 7 * DAY), 1);
  });

  test('what it dated into the past takes nothing with it', t => {
    const { sayAt, forget } = start(t);
    for (const at of [TODAY - 2 * DAY, 0, TODAY - DAY]) sayAt(at);
    assert.equal(forget(TODAY - 7 * DAY), 0);
  });

  test('accepted commands from the future are remembered as long as others from now on, and no longer', t => {
    const { clock, sayAt, accepted } = start(t);
    clock.now = TODAY + 3_650 * DAY;
    for (let commands = 0; commands < 3; commands += 1) sayAt(TODAY);
    clock.now = TODAY;
    sayAt(TODAY);
    assert.equal(accepted(), 4);
    clock.now = TODAY + ACCEPTED_LASTS;
    sayAt(TODAY);
    assert.equal(accepted(), 5, 'they are still known');
    clock.now += 1;
    sayAt(TODAY);
    assert.equal(accepted(), 2, 'what was accepted on the day the clock was set back is forgotten');
  });
});
