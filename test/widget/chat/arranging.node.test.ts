import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Dates } from '../../../widget/chat/dates.js';
import { pieces } from '../../../widget/chat/links.js';
import { countAfter, newestSeq } from '../../../widget/chat/message.js';
import { ReadingPlace } from '../../../widget/chat/reading-place.js';
import { arrange, type Row } from '../../../widget/chat/rows.js';
import { message, messages } from './messages.js';

const MINUTE = 60_000;
const noon = new Date(2026, 4, 4, 12).getTime();

/**
 * Rows in short: `day`, `new`, and messages by their key, `[` where a group begins and `]` where it
 * ends.
 */
function short(rows: readonly Row[]): string {
  return rows
    .map(row => (row.kind === 'message' ? `${row.first ? '[' : ''}${row.key}${row.last ? ']' : ''}` : row.kind))
    .join(' ');
}

describe('the lines of the talk', () => {
  test('one person within five minutes is a group', () => {
    const bo = { id: 'bo', name: 'Bo' };
    const rows = arrange(
      [
        message(1, { at: noon }),
        message(2, { at: noon + 5 * MINUTE }),
        message(3, { at: noon + 11 * MINUTE }),
        message(4, { at: noon + 11 * MINUTE, person: bo }),
        message(5, { at: noon + 12 * MINUTE, person: bo }),
      ],
      undefined,
    );
    assert.equal(short(rows), 'day [1 2] [3] [4 5]');
  });

  test('each day has a line, and days do not go back with a clock that is behind', () => {
    const day = 24 * 60 * MINUTE;
    const rows = arrange(
      [
        message(1, { at: noon - day }),
        message(2, { at: noon }),
        message(3, { at: noon - day, own: true, state: 'pending' }),
      ],
      undefined,
    );
    assert.equal(short(rows), 'day [1] day [2] [3]');
    assert.equal(new Set(rows.map(row => row.key)).size, rows.length, 'keys are unique');
  });

  test('what is new begins before the first message of others', () => {
    const talk = [
      message(1, { at: noon }),
      message(2, { at: noon }),
      message(3, { at: noon, own: true }),
      message(4, { at: noon }),
    ];
    assert.equal(short(arrange(talk, 1)), 'day [1] new [2] [3] [4]');
    assert.equal(short(arrange(talk, 2)), 'day [1 2] [3] new [4]');
    assert.equal(short(arrange(talk, 4)), 'day [1 2] [3] [4]');
  });
});

describe('what was read', () => {
  test('counts messages of others after a seq', () => {
    const talk = [...messages(1, 3), message(4, { own: true }), message(6)];
    assert.equal(countAfter(talk, 2), 2);
    assert.equal(countAfter(talk, 6), 0);
    const { seq: _, ...pending } = message(7, { own: true, state: 'pending' });
    assert.equal(newestSeq([...talk, pending]), 6);
  });

  test('who comes back finds a line before what they missed; who was never here finds none', () => {
    assert.equal(new ReadingPlace(2, messages(1, 4)).newAfter, 2);
    assert.equal(new ReadingPlace(0, messages(1, 4)).newAfter, undefined);
    assert.equal(new ReadingPlace(4, messages(1, 4)).newAfter, undefined);
    assert.equal(new ReadingPlace(2, messages(1, 4, { own: true })).newAfter, undefined);
  });

  test('the line stays while one reads, moves to what was missed since, and goes with an answer', () => {
    const place = new ReadingPlace(2, messages(1, 4));
    assert.equal(place.see(messages(1, 4)), 4);
    assert.equal(place.see(messages(1, 4)), undefined, 'it is no news a second time');
    assert.equal(place.newAfter, 2);
    place.missed(messages(1, 5));
    assert.equal(place.newAfter, 4);
    place.missed(messages(1, 6));
    assert.equal(place.newAfter, 4, 'and not on with each message');
    assert.equal(place.unseen(messages(1, 6)), 2);
    place.answer();
    assert.equal(place.newAfter, undefined);
  });
});

describe('links', () => {
  const shown = (text: string) => pieces(text).map(piece => (typeof piece === 'string' ? piece : `<${piece.href}>`));

  test('addresses of the web become links, without the punctuation around them', () => {
    assert.deepEqual(shown('see https://example.com/a?b=1, or (http://example.com/x_(y)).'), [
      'see ',
      '<https://example.com/a?b=1>',
      ', or (',
      '<http://example.com/x_(y)>',
      ').',
    ]);
    assert.deepEqual(shown('https://example.com'), ['<https://example.com/>']);
    assert.deepEqual(shown('no link'), ['no link']);
    assert.deepEqual(shown(''), []);
  });

  test('an address of nothing but punctuation is gone through once', () => {
    const address = `http://a.example/${'!'.repeat(1_900)}a`;
    assert.deepEqual(shown(address + ')'.repeat(1_900)), [`<${address}>`, ')'.repeat(1_900)]);
  });

  test('nothing else does', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'file:///etc/passwd',
      'javascript:https',
      'https://',
      'https://[',
      'http://user:secret@example.com/',
      'https://bank.example@evil.example/',
    ]) {
      assert.deepEqual(shown(text), [text]);
    }
  });

  test('a look-alike host shows its true name', () => {
    assert.deepEqual(shown('https://аpple.com/'), ['<https://xn--pple-43d.com/>']);
  });

  test('markup stays text', () => {
    assert.deepEqual(shown('<img src=x onerror=alert(1)>'), ['<img src=x onerror=alert(1)>']);
    assert.deepEqual(shown('<a href="https://example.com/">x</a>')[1], '<https://example.com/>');
  });
});

describe('dates', () => {
  test('says today and yesterday, then the date, with the year where it is another', () => {
    const dates = new Dates('en-GB');
    const at = (...[year, month, day]: [number, number, number]) => new Date(year, month, day, 23, 59).getTime();
    const now = new Date(2026, 4, 4, 0, 1).getTime();
    assert.equal(dates.day(at(2026, 4, 4), now), 'Today');
    assert.equal(dates.day(at(2026, 4, 3), now), 'Yesterday');
    assert.equal(dates.day(at(2026, 4, 2), now), 'Saturday 2 May');
    assert.equal(dates.day(at(2025, 4, 2), now), '2 May 2025');
    assert.equal(new Dates('de').day(at(2026, 4, 3), now), 'Gestern');
  });
});
