import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { EventsElsewhere } from '../../../server/realtime/events-elsewhere.js';
import { ManualClock } from '../../support/manual-clock.js';
import { posted } from '../../support/commands.js';

const EPOCH = 'epoch';

function eventOf(seq: number): TimelineEvent {
  return { seq, prev: seq - 1, at: 0, by: 1, command: 'c', ...posted('hello') };
}

/** What was told, packet by packet: the epoch and the seqs. */
function listening() {
  const clock = new ManualClock();
  const told: [epoch: string, seqs: number[]][] = [];
  const elsewhere = new EventsElsewhere({
    clock,
    tell: (epoch, events) => void told.push([epoch, events.map(({ seq }) => seq)]),
  });
  const add = (seq: number, epoch = EPOCH) => elsewhere.add(epoch, [eventOf(seq)]);
  return { clock, told, elsewhere, add };
}

suite('what other nodes kept', () => {
  test('is told at once in a quiet room', () => {
    const { clock, told, add } = listening();
    add(1);
    clock.advance(50);
    add(2);
    assert.deepEqual(told, [
      [EPOCH, [1]],
      [EPOCH, [2]],
    ]);
  });

  test('shares a packet where it comes fast, fifty milliseconds after the one before', () => {
    const { clock, told, add } = listening();
    for (const seq of [1, 2, 3]) add(seq);
    clock.advance(49);
    add(4);
    assert.deepEqual(told, [[EPOCH, [1]]]);
    clock.advance(1);
    assert.deepEqual(told, [
      [EPOCH, [1]],
      [EPOCH, [2, 3, 4]],
    ]);
    clock.advance(1_000);
    assert.equal(told.length, 2);
  });

  test('goes along with what is told anyway, and what comes after that waits anew', () => {
    const { clock, told, elsewhere, add } = listening();
    add(1);
    clock.advance(5);
    add(2);
    assert.deepEqual(elsewhere.takeAlong(EPOCH), [eventOf(2)]);
    assert.deepEqual(elsewhere.takeAlong(EPOCH), []);
    add(4);
    clock.advance(49);
    assert.equal(told.length, 1);
    clock.advance(1);
    assert.deepEqual(told.at(-1), [EPOCH, [4]]);
  });

  test('does not mix timelines', () => {
    const { clock, told, elsewhere, add } = listening();
    add(1);
    add(2);
    add(1, 'another');
    assert.deepEqual(told, [
      [EPOCH, [1]],
      [EPOCH, [2]],
    ]);
    assert.deepEqual(elsewhere.takeAlong('a third'), []);
    assert.deepEqual(told.at(-1), ['another', [1]]);
    clock.advance(1_000);
    assert.equal(told.length, 3);
  });

  test('is told to nobody where nobody is there any more', () => {
    const { clock, told, elsewhere, add } = listening();
    add(1);
    add(2);
    elsewhere.close();
    clock.advance(1_000);
    assert.equal(told.length, 1);
  });

  test('waits no longer for a clock that was set back', () => {
    const { clock, told, add } = listening();
    add(1);
    clock.advance(-1_000_000);
    add(2);
    clock.advance(50);
    assert.equal(told.length, 2);
  });
});
