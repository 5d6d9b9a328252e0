import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { TypeCompiler } from '@sinclair/typebox/compiler';

import { LIMITS } from '../../../protocol/limits.js';
import { ClaimsSchema } from '../../../protocol/schema/claims.js';
import { GuestRequestSchema, HistoryQuerySchema } from '../../../protocol/schema/http.js';

const GOOD = {
  iss: 'acme',
  sub: 'ann',
  name: 'Ann',
  rooms: { 'algebra-101': 'member', 'course-*': 'viewer' },
  iat: 1,
  exp: 2,
};

describe('claims', () => {
  const compiled = TypeCompiler.Compile(ClaimsSchema);
  const check = (changed: Record<string, unknown>) => compiled.Check({ ...GOOD, ...changed });

  test('they are taken, with others besides that mean nothing here', () => {
    assert.ok(check({}));
    assert.ok(check({ jti: 'once', email: 'ann@acme.example', rooms: { '*': 'moderator' } }));
  });

  test('one that lacks, or has another form, refuses them all', () => {
    for (const claim of ['iss', 'sub', 'name', 'rooms', 'iat', 'exp']) {
      const { [claim as keyof typeof GOOD]: _left, ...rest } = GOOD;
      assert.equal(compiled.Check(rest), false, claim);
    }
    const bad: readonly Record<string, unknown>[] = [
      { sub: '' },
      { sub: 'a b' },
      { sub: 'ä' },
      { sub: 'a'.repeat(129) },
      { sub: 7 },
      { sub: ['ann'] },
      { name: '' },
      { name: 'x'.repeat(LIMITS.personName + 1) },
      { iat: '1' },
      { exp: 1.5 },
      { exp: -1 },
      { rooms: ['algebra-101'] },
      { rooms: 'algebra-101' },
      { rooms: { 'algebra-101': 'owner' } },
      { rooms: { 'algebra-101': ['member'] } },
      { rooms: { '*a': 'member' } },
      { rooms: { 'a*b': 'member' } },
      { rooms: { 'a**': 'member' } },
      { rooms: { 'a/b': 'member' } },
      { rooms: { Algebra: 'member' } },
      { rooms: JSON.parse('{"__proto__":"member"}') as unknown },
    ];
    for (const changed of bad) assert.equal(check(changed), false, JSON.stringify(changed));
  });
});

describe('requests over HTTP', () => {
  test('a guest says a name and a room', () => {
    const compiled = TypeCompiler.Compile(GuestRequestSchema);
    assert.ok(compiled.Check({ name: 'Gil', room: 'open-day' }));
    assert.ok(compiled.Check({ name: 'Gil', room: 'open-day', previous: 'token' }));
    for (const changed of [
      { name: '' },
      { name: 'x'.repeat(65) },
      { room: '../x' },
      { role: 'moderator' },
      { previous: 7 },
    ]) {
      assert.equal(compiled.Check({ name: 'Gil', room: 'open-day', ...changed }), false, JSON.stringify(changed));
    }
  });

  test('history is asked for before a seq', () => {
    const compiled = TypeCompiler.Compile(HistoryQuerySchema);
    assert.ok(compiled.Check({ before: 10 }));
    for (const query of [{}, { before: '10' }, { before: -1 }, { before: 1, limit: 1e9 }]) {
      assert.equal(compiled.Check(query), false, JSON.stringify(query));
    }
  });
});
