import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RoomGrants } from '../../../protocol/schema/claims.js';
import { Grants } from '../../../server/auth/grants.js';
import { grantRoom } from '../../../server/auth/identity.js';

test('the exact name wins, then the longest pattern', () => {
  const grants = new Grants({ '*': 'viewer', 'course-*': 'member', 'course-a-*': 'moderator', 'course-a-1': 'viewer' });
  assert.equal(grants.roleIn('lobby'), 'viewer');
  assert.equal(grants.roleIn('course-b'), 'member');
  assert.equal(grants.roleIn('course-a-2'), 'moderator');
  assert.equal(grants.roleIn('course-a-1'), 'viewer');
});

test('names of every object are rooms like others', () => {
  const grants = new Grants({ lobby: 'member' });
  for (const room of ['constructor', 'tostring', 'valueof']) assert.equal(grants.roleIn(room), undefined);
  const rooms: RoomGrants = Object.fromEntries([['constructor', 'member']]);
  assert.equal(new Grants(rooms).roleIn('constructor'), 'member');
});

/** What no room is called, so that no key can be made of it. */
const NO_ROOMS = [
  '',
  '../lobby',
  'lobby/../attic',
  '%2flobby',
  'lobby%2f..',
  'globex/lobby',
  'a:b',
  'a,b',
  'a b',
  'lobby\0',
  'lobby\n',
  'lobby\r\nx',
  'Lobby',
  'café',
  'cafe\u0301',
  'lоbby',
  '__proto__',
  '.',
  '..',
  '-a',
  '*',
  'a*',
  'x'.repeat(65),
  'x'.repeat(10_000),
];

test('what is no name of a room is granted to nobody', () => {
  const identity = {
    site: 'acme',
    person: { id: 'ann', name: 'Ann' },
    grants: new Grants({ '*': 'moderator' }),
    expires: 0,
    kid: 'k',
    forServers: false,
  };
  assert.deepEqual(grantRoom(identity, 'lobby'), { key: 'acme/lobby', role: 'moderator' });
  for (const room of NO_ROOMS) assert.equal(grantRoom(identity, room), undefined, JSON.stringify(room));
});
