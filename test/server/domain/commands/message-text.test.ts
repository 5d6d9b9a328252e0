import assert from 'node:assert/strict';
import { test } from 'node:test';

import { messageText } from '../../../../server/domain/commands/message-text.js';

const refusalOf = (text: string) => {
  const result = messageText(text);
  return typeof result === 'string' ? undefined : result.code;
};

test('white space around a text is cut, inside it stays', () => {
  assert.equal(messageText(' \n\t hello,\n\n  world \u3000\n'), 'hello,\n\n  world');
});

test('line ends become line feeds, control characters are left out', () => {
  assert.equal(messageText('a\r\nb\rc\nd\te'), 'a\nb\nc\nd\te');
  assert.equal(messageText('\0a\x07b\x0bc\x1bd\x7fe\x85f\0'), 'abcdef');
});

test('what people write in any script is kept as it is', () => {
  for (const text of ['Grüße', '世界', 'שלום עולם', '👩🏽‍🏫', 'e\u0301', '<b>no markup</b>', '__proto__']) {
    assert.equal(messageText(text), text);
  }
});

test('a text with nothing to be seen is empty', () => {
  for (const text of ['', ' ', '\n\t\r\n', '\0\x01', '\u00a0\u2003', '\u200b\u200d\ufeff', '\u2060 \u00ad']) {
    assert.equal(refusalOf(text), 'text_empty', JSON.stringify(text));
  }
});

test('half a surrogate pair is refused, a whole one is not', () => {
  for (const text of ['a\ud83d', '\ude00b', '\ude00\ud83d']) assert.equal(refusalOf(text), 'invalid_input');
  assert.equal(messageText('\ud83d\ude00'), '😀');
});
