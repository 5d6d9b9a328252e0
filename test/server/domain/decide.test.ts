import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import { clear, cleared, draw, entered, erase, keep, post, posted, undo } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';
import { ANN, decided, MODERATOR, room, shape, VIEWER } from './commands/deciding.js';

const COMMANDS: readonly CommandBody[] = [
  post('hello'),
  draw(stroke()),
  erase(['unheard-']),
  clear(),
  undo('x'.repeat(16)),
];

describe('who may', () => {
  test('a viewer may do nothing', () => {
    for (const command of [...COMMANDS, keep(stroke())]) {
      assert.equal(decided(room(), command, { by: VIEWER }), 'role_forbidden');
    }
  });

  test('only a moderator does what moderators do', () => {
    assert.equal(decided(room(shape()), clear()), 'role_forbidden');
    assert.deepEqual(decided(room(shape()), clear(), { by: MODERATOR }), [cleared()]);
  });
});

describe('who it was', () => {
  const [says, said] = [post(' hello '), posted('hello')];

  test('an author who is known is not introduced again', () => {
    assert.deepEqual(decided(room(), says), [said]);
  });

  test('the first event of a person introduces them', () => {
    assert.deepEqual(decided(room(), says, { author: undefined }), [entered(ANN.person), said]);
  });

  test('a new name, and becoming or ceasing to be a guest, are told', () => {
    const renamed = { ...ANN, person: { id: 'ann', name: 'Anna' } };
    const guest = { ...ANN, person: { ...ANN.person, guest: true as const } };
    for (const by of [renamed, guest]) {
      assert.deepEqual(decided(room(), says, { by }), [entered(by.person), said]);
    }
  });

  test('what changes nothing introduces nobody', () => {
    assert.deepEqual(decided(room(), erase(['unheard-']), { author: undefined }), []);
  });

  test('nothing but id, name and guest is told of a person', () => {
    const person = { ...ANN.person, name: 'Anna', email: 'ann@acme.example' };
    const [first] = decided(room(), says, { by: { ...ANN, person } });
    assert.deepEqual(first, entered({ id: 'ann', name: 'Anna' }));
  });
});
