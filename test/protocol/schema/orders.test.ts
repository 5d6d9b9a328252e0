import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';

import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { TSchema } from '@sinclair/typebox';

import { LIMITS } from '../../../protocol/limits.js';
import { newCommandId } from '../../../protocol/names.js';
import { bodySchema, COMMAND_SCHEMAS } from '../../../protocol/schema/commands/index.js';
import {
  CatchupSchema,
  commandSchema,
  ConnectAuthSchema,
  HandleSchema,
  JoinSchema,
  LiveStepsSchema,
  ReadSchema,
} from '../../../protocol/schema/orders.js';
import { stroke } from '../../support/strokes.js';
import { clear, draw, erase, post, undo } from '../../support/commands.js';

/** What is not even an object, and objects that are none of ours. */
const STRANGE: readonly unknown[] = [undefined, null, true, 0, NaN, '', 'room', [], {}, [[]], () => undefined];

function checks(schema: TSchema): (value: unknown) => boolean {
  const compiled = TypeCompiler.Compile(schema);
  return value => compiled.Check(value);
}

function takes(schema: TSchema, good: readonly unknown[], bad: readonly unknown[]): void {
  const check = checks(schema);
  for (const value of good) assert.equal(check(value), true, JSON.stringify(value));
  for (const value of [...bad, ...STRANGE]) assert.equal(check(value), false, inspect(value));
}

const ROOM_NAMES_TO_REFUSE = [
  '',
  'A',
  '-a',
  '.a',
  '../a',
  'a/b',
  'a%2fb',
  'a:b',
  'a b',
  'a\n',
  'a\0',
  'ä',
  'a\u0308',
  'а', // Cyrillic
  '__proto__',
  'a'.repeat(65),
  'a'.repeat(10_000),
];

describe('orders', () => {
  test('a room is named as rooms are named, and nothing is said besides', () => {
    takes(
      JoinSchema,
      ['a', '0', 'algebra-101', 'a.b_c-d', 'a'.repeat(64)].map(room => ({ room })),
      [
        ...ROOM_NAMES_TO_REFUSE.map(room => ({ room })),
        { room: 'a', role: 'moderator' },
        { room: ['a'] },
        { room: { toString: () => 'a' } },
        JSON.parse('{"room":"a","__proto__":{"role":"moderator"}}'),
      ],
    );
  });

  test('read positions and catch-up name whole, positive, exact numbers', () => {
    const bad = [-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1, '1', null];
    takes(
      ReadSchema,
      [
        { room: 'a', seq: 0 },
        { room: 'a', seq: Number.MAX_SAFE_INTEGER },
      ],
      bad.map(seq => ({ room: 'a', seq })),
    );
    const after = (epoch: unknown, seq: unknown) => ({ room: 'a', after: { epoch, seq } });
    takes(
      CatchupSchema,
      [after('e', 0), after('A-_9'.repeat(8), 7)],
      [
        ...bad.map(seq => after('e', seq)),
        ...['', 'a b', 'e'.repeat(33), 5, '__proto__\0'].map(epoch => after(epoch, 1)),
        { room: 'a', after: { epoch: 'e', seq: 1, more: 1 } },
      ],
    );
  });

  test('a token and a version open a connection', () => {
    takes(
      ConnectAuthSchema,
      [
        { token: 'x', protocol: 1 },
        { token: 'x'.repeat(LIMITS.tokenBytes), protocol: 0 },
      ],
      [
        { token: 'x' },
        { token: '', protocol: 1 },
        { token: 'x'.repeat(LIMITS.tokenBytes + 1), protocol: 1 },
        { token: 'x', protocol: '1' },
        { token: 'x', protocol: 1.5 },
        { token: 'x', protocol: 1, site: 'acme' },
      ],
    );
  });
});

describe('commands', () => {
  const check = checks(commandSchema(bodySchema(COMMAND_SCHEMAS)));
  const command = (body: unknown) => check({ room: 'a', id: newCommandId(), body });
  /** A drawing of a stroke in which some members are otherwise, each in its group. */
  const draws = (changed: Readonly<Record<string, unknown>>, group?: 'look' | 'content') => {
    const shape = stroke();
    return command({
      ...draw(shape),
      shape: group ? { ...shape, [group]: { ...shape[group], ...changed } } : { ...shape, ...changed },
    });
  };

  test('each kind is taken in its own form', () => {
    for (const body of [
      post(''),
      post('x'.repeat(LIMITS.messageText)),
      draw(stroke()),
      draw(stroke(), { times: 'AA' }),
      erase(['AAAAAAA-']),
      clear(),
      undo(newCommandId()),
    ]) {
      assert.ok(command(body), body.type);
      assert.equal(command({ ...body, extra: 1 }), false, `${body.type} with more than it has`);
    }
  });

  test('unknown kinds, mixed forms and too much are refused', () => {
    for (const body of [
      { type: 'message.shout', text: 'x' },
      { type: 'constructor' },
      { text: 'x', ...clear() },
      { type: post('').type },
      { ...post(''), text: 1 },
      post('x'.repeat(LIMITS.messageText + 1)),
      erase([]),
      erase(Array.from({ length: LIMITS.shapesPerCommand + 1 }, () => 'AAAAAAAA')),
      erase(['short']),
      { ...erase([]), shapes: 'AAAAAAAA' },
      undo('short'),
      ...STRANGE,
    ]) {
      assert.equal(command(body), false, inspect(body));
    }
  });

  test('a command id is sixteen base64url characters', () => {
    const identified = (id: unknown) => check({ room: 'a', id, body: clear() });
    assert.ok(identified('AZaz09-_AZaz09-_'));
    for (const id of ['', 'a'.repeat(15), 'a'.repeat(17), 'a'.repeat(15) + '+', 'a'.repeat(15) + '\n', 7, null]) {
      assert.equal(identified(id), false, String(id));
    }
  });

  test('a stroke has a named or a free colour, in one way of writing it', () => {
    for (const color of ['black', 'purple', '#12ab9f']) assert.ok(draws({ color }, 'look'), color);
    for (const color of ['pink', 'Black', '#12AB9F', '#fff', '#12ab9g', 'url(#x)', '#12ab9f;', '#12ab9f\n', '', null]) {
      assert.equal(draws({ color }, 'look'), false, String(color));
    }
  });

  test('a stroke has numbers that a board can hold', () => {
    for (const width of [0.01, 1, 1_000]) assert.ok(draws({ width }, 'look'));
    for (const width of [0, -1, 1_001, NaN, Infinity, '4', null])
      assert.equal(draws({ width }, 'look'), false, String(width));
    for (const scale of [-8, 0, 8]) assert.ok(draws({ scale }, 'content'));
    for (const scale of [-9, 9, 0.5, NaN, '0']) assert.equal(draws({ scale }, 'content'), false, String(scale));
    for (const pressure of [1, 'true', null]) assert.equal(draws({ pressure }, 'content'), false);
  });

  test('a stroke has points of its own alphabet and length, a kind, and no more', () => {
    assert.ok(draws({ points: 'A'.repeat(LIMITS.strokePoints) }, 'content'));
    for (const points of ['A'.repeat(LIMITS.strokePoints + 1), 'A A', 'AÄ', 'A\0', [0, 0], 7])
      assert.equal(draws({ points }, 'content'), false);
    for (const kind of ['circle', '', null]) assert.equal(draws({ kind }), false);
    for (const id of ['', 'short', 'nine-char', '../../..', null]) assert.equal(draws({ id }), false);
    for (const extra of [{ by: 2 }, { hidden: true }, { place: {} }]) {
      assert.equal(draws(extra), false);
      assert.equal(draws(extra, 'look'), false);
      assert.equal(draws(extra, 'content'), false);
    }
    for (const group of ['look', 'content']) {
      for (const value of STRANGE) assert.equal(draws({ [group]: value }), false);
    }
  });

  test('times have the alphabet of points and a length of their own', () => {
    const timed = (times: unknown) => command({ ...draw(stroke()), times });
    assert.ok(timed('A'.repeat(LIMITS.strokeTimes)));
    for (const times of ['A'.repeat(LIMITS.strokeTimes + 1), 'A A', 7, null, [0]]) assert.equal(timed(times), false);
  });

  test('a wait is a number that is not negative, however long', () => {
    const waits = (waited: unknown) => check({ room: 'a', id: newCommandId(), body: clear(), waited });
    for (const waited of [0, 0.5, LIMITS.waited, LIMITS.waited + 1, Number.MAX_SAFE_INTEGER]) assert.ok(waits(waited));
    for (const waited of [-1, NaN, Infinity, '7', null, [7]]) assert.equal(waits(waited), false, String(waited));
  });
});

describe('live steps', () => {
  const check = checks(LiveStepsSchema);
  const ink = (...changed: readonly unknown[]) =>
    ['ink', 'AAAAAAAA', 'black', 4, -2, 0, 'AA'].map((part, at) => changed[at] ?? part);

  test('each step is taken in its own form', () => {
    const steps = [['more', 'AA'], ['at', -5, 5], ink(), ['drop'], ['away'], ['type', 1]];
    assert.ok(check(steps));
    for (const step of steps) {
      assert.ok(check([step]));
      assert.equal(check([[...step, 1]]), false, `${inspect(step)} with more than it has`);
    }
  });

  test('too many steps, none, and broken ones are refused', () => {
    assert.equal(check(Array.from({ length: 7 }, () => ['drop'])), false);
    for (const steps of [
      [],
      [[]],
      [['fly']],
      [['at', 1]],
      [['at', 1.5, 0]],
      [['at', NaN, 0]],
      [['at', LIMITS.boardExtent + 1, 0]],
      [['type', 2]],
      [['type', true]],
      [['more', 'A'.repeat(LIMITS.livePoints + 1)]],
      [['more', 'A B']],
      [ink('ink', 'short')],
      [ink('ink', 'AAAAAAAA', 'pink')],
      [ink('ink', 'AAAAAAAA', 'black', 4, -2, 2)],
      { 0: ['drop'], length: 1 },
      'drop',
      null,
    ]) {
      assert.equal(check(steps), false, inspect(steps));
    }
  });

  test('a handle is a whole number that is not negative', () => {
    const check = checks(HandleSchema);
    for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) assert.ok(check(value));
    for (const value of [-1, 0.5, NaN, Infinity, '0', 2 ** 53, null, undefined])
      assert.equal(check(value), false, String(value));
  });
});
