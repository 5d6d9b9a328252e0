import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { REFUSAL_CODES } from '../../../protocol/errors.js';
import { obstacleWords } from '../../../widget/element/obstacles.js';
import { gate } from '../../../widget/words/en/gate.js';
import { sayReason } from '../../../widget/refused/reasons.js';
import { main } from '../../../widget/words/en/main.js';
import { directionOf, Languages } from '../../../widget/words/languages.js';
import { speaker } from '../../../widget/words/words.js';

describe('languages', () => {
  test('follows the variant that is wanted, and is English where there is nothing nearer', () => {
    const languages = new Languages(() => assert.fail('nothing is loaded'));
    assert.equal(languages.of('en-GB').lang, 'en-GB');
    assert.equal(languages.of('ar').lang, 'en');
    assert.equal(languages.of('no language!').lang, 'en');
    assert.equal(languages.of('ar').say('talk'), 'Talk');
  });

  test('loads a further language when it is wanted, once', async () => {
    let loads = 0;
    let languages: Languages | undefined;
    const further = {
      async de() {
        loads += 1;
        return { main: { ...main, talk: 'Gespräch' } };
      },
    };
    await new Promise<void>(changed => {
      languages = new Languages(changed, further);
      assert.equal(languages.of('de-CH').say('talk'), 'Talk');
    });
    assert.ok(languages);
    assert.equal(languages.of('de-CH').say('talk'), 'Gespräch');
    assert.equal(languages.of('de').lang, 'de');
    assert.equal(loads, 1);
  });

  test('knows which languages are written from the right', () => {
    assert.equal(directionOf('ar-EG'), 'rtl');
    assert.equal(directionOf('az-Arab'), 'rtl');
    assert.equal(directionOf('az'), 'ltr');
    assert.equal(directionOf('he'), 'rtl');
    assert.equal(directionOf('ku-Latn'), 'ltr');
    assert.equal(directionOf('no language!'), 'ltr');
  });
});

describe('phrases', () => {
  test('take the plural that the number asks for, and the digits of the language', () => {
    const say = speaker(main, 'en');
    assert.equal(say('waiting', { count: 1 }), '1 waiting to be sent');
    assert.equal(say('newBelowLong', { count: 1 }), 'Go to 1 new message');
    assert.equal(say('newBelowLong', { count: 1_200 }), 'Go to 1,200 new messages');
    assert.equal(say('typingTwo', { name: 'Ada', other: '{name}' }), 'Ada and {name} are writing…');
  });

  test('there are words for every refusal at the door', () => {
    for (const code of REFUSAL_CODES) {
      const { title, text } = obstacleWords(code);
      assert.notEqual(`${gate[title]}${gate[text]}`, '', code);
    }
  });
});

describe('refusals', () => {
  const language = new Languages(() => assert.fail('nothing is loaded')).of('en');

  test('there are words for every refusal of a message and of a drawing', () => {
    for (const code of REFUSAL_CODES) {
      assert.match(sayReason('talk', code, language), /^Not sent\.( [A-Z].*\.)?$/, code);
      assert.match(sayReason('board', code, language), /^[A-Z].*\.$/, code);
    }
  });

  test('what a visitor can make something of is said', () => {
    assert.equal(sayReason('talk', 'role_forbidden', language), 'Not sent. You may only read here now.');
    assert.equal(sayReason('board', 'board_full', language), 'The board is full. Erase something to go on.');
    assert.equal(sayReason('board', 'undo_too_old', language), 'That can no longer be undone.');
    assert.equal(sayReason('board', 'invalid_input', language), 'That could not be kept.');
  });
});
