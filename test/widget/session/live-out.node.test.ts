/** What a session says live of a stroke, and in which order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LiveStep } from '../../../protocol/conversation.js';
import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { LIMITS } from '../../../protocol/limits.js';
import { LiveOut } from '../../../widget/session/live-out.js';
import { ManualClock } from '../../support/manual-clock.js';
import { platformOf } from './people.js';

const begin = (id: string, points = 'AA'): InkBegin => [id, 'blue', 4, 0, 0, points];
const dropped = (id: string): LiveStep[] => [['ink', ...begin(id, '')], ['drop']];

/** A pen over a connection that the test loses and makes. */
function pen() {
  const clock = new ManualClock();
  let sent: LiveStep[] = [];
  let there = true;
  const out = new LiveOut(
    { ready: () => there, watched: () => true, send: steps => sent.push(...steps) },
    platformOf(clock),
  );
  return {
    out,
    lose: () => {
      there = false;
      out.stop();
    },
    back: () => {
      there = true;
      out.restart();
    },
    /** What was said since it was last asked for, and is due by now. */
    said: (): LiveStep[] => {
      clock.advance(LIMITS.liveInterval);
      const steps = sent;
      sent = [];
      return steps;
    },
  };
}

test('over a new connection a stroke is said again, all of it', () => {
  const { out, lose, back, said } = pen();
  out.inkBegin(begin('strokeA1'));
  out.inkMore('CC');
  assert.deepEqual(said(), [
    ['ink', ...begin('strokeA1')],
    ['more', 'CC'],
  ]);
  lose();
  out.inkMore('EE');
  assert.deepEqual(said(), []);
  back();
  assert.deepEqual(said(), [['ink', ...begin('strokeA1', 'AACCEE')]]);
});

test('what is dropped is dropped by its name, whenever that can be said', () => {
  const { out, lose, back, said } = pen();
  out.inkBegin(begin('strokeA1'));
  out.inkDrop();
  assert.deepEqual(said(), [['ink', ...begin('strokeA1')], ...dropped('strokeA1')]);

  // While nobody hears it; what comes after it was never heard of, and need not be.
  out.inkBegin(begin('strokeB2'));
  said();
  lose();
  out.inkDrop();
  out.inkBegin(begin('strokeC3'));
  out.inkDrop();
  back();
  assert.deepEqual(said(), dropped('strokeB2'));
});

test('a finished stroke is not dropped, unless the server would not have it', () => {
  const { out, said } = pen();
  out.inkBegin(begin('strokeA1'));
  out.inkDone('strokeA1');
  out.inkDrop();
  assert.deepEqual(said(), [['ink', ...begin('strokeA1')]]);
  out.inkRefused();
  assert.deepEqual(said(), [['drop']]);
});
