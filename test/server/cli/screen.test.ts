import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Screen } from '../../../server/cli/screen.js';

/**
 * A name that would clear the screen, ring, turn what follows and hide; and one that only looks so.
 */
const STEERING = 'A\u001b[2J\u0007\u009b1m\u202eB\u{e0041}';
const FAMILY = '\u{1f469}\u200d\u{1f467}';

function shown(json: boolean, show: (screen: Screen) => void): string {
  let text = '';
  show(new Screen({ write: piece => (text += piece), columns: 80 }, json));
  return text;
}

test('nothing that was once stored steers the terminal', () => {
  const written = 'A\\u{1b}[2J\\u{7}\\u{9b}1m\\u{202e}B\\u{e0041}';
  const table = shown(false, screen =>
    screen.table(
      [{ title: 'name' }, { title: 'of' }],
      [
        [STEERING, 'x'],
        [FAMILY, 'y'],
      ],
    ),
  );
  const [, first, second] = table.split('\n');
  assert.equal(first, `${written}  x`);
  assert.equal(second, `${FAMILY.padEnd(written.length + FAMILY.length - 3)}  y`);
  assert.equal(
    shown(false, screen => screen.pairs([['name', STEERING]])),
    `name  ${written}\n`,
  );
  assert.equal(
    shown(false, screen => screen.line(`a\nb`)),
    'a\\u{a}b\n',
  );
});

test('what programs are answered says the same and steers nothing either', () => {
  const answer = { name: STEERING, family: FAMILY, lines: 'a\nb' };
  const json = shown(true, screen => screen.answer(answer, () => assert.fail()));
  assert.deepEqual(JSON.parse(json), answer);
  assert.doesNotMatch(json.replaceAll('\n', ''), /(?!\u200d)[\p{Cc}\p{Cf}]/u);
});
