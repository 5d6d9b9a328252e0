import assert from 'node:assert/strict';
import { test } from 'node:test';

import { displayName } from '../../../server/auth/display-name.js';

test('a name is shown as it is meant', () => {
  const names: [given: string, shown: string][] = [
    ['Ann', 'Ann'],
    ['  Ann \t Lee ', 'Ann Lee'],
    ['Jose\u0301', 'José'],
    ['Ann\u202eeeL', 'AnneeL'],
    ['A\u200bn\u200dn\ufeff', 'Ann'],
    ['Ann\nLee', 'Ann Lee'],
    ['Ann\u0000\u001b[31m', 'Ann[31m'],
    ['Ann\ud800', 'Ann'],
    ['Zalgo' + '\u0335'.repeat(50), 'Zalgo' + '\u0335'.repeat(4)],
    ['👩\u200d🎨', '👩\u200d🎨'],
    ['نامه\u200cای', 'نامه\u200cای'],
    ['अनुष्का', 'अनुष्का'],
    ['ad\u200cmin', 'admin'],
    ['<b>Ann</b>', '<b>Ann</b>'],
  ];
  for (const [given, shown] of names) assert.equal(displayName(given), shown, JSON.stringify(given));
});

test('a name that would look empty is none', () => {
  for (const given of ['', ' ', '\u200b', '\u202e', '\u3164', '\u2800 \u2800', '\u0301\u0301', '\u200d']) {
    assert.equal(displayName(given), undefined, JSON.stringify(given));
  }
});

test('a name that grows by composing is still no longer than a name may be', () => {
  // NFC takes U+FB2C apart, into three.
  const shown = displayName('\ufb2c'.repeat(64));
  assert.ok(shown && shown.length <= 64);
});
