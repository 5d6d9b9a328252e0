import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AcceptedCommand } from '../../../../server/domain/storage.js';
import { createEngine } from '../../../../server/storage/sqlite/create-engine.js';
import { openDatabase } from '../../../../server/storage/sqlite/database.js';
import { packTurn } from '../../../../server/storage/sqlite/packed-turn.js';
import { ACCEPTED_LASTS } from '../../../../server/storage/storage-driver.js';
import { site } from '../contract/home.js';
import { roomKey } from '../../../support/room-key.js';

const ROOM = roomKey('acme', 'algebra');

test('accepted commands are forgotten after thirty days, and not before', () => {
  let now = Date.UTC(2026, 0, 1);
  const engine = createEngine(openDatabase(':memory:', 0), 'secret', () => now);
  engine.putSite(site('acme'));
  const accept = (...ids: string[]) => {
    const accepted = ids.map((id): AcceptedCommand => ({ person: 'ann', id, digest: 'd', seq: 0, undoable: false }));
    engine.commitTurn(packTurn([{ room: ROOM, events: [], accepted }]));
  };
  const known = (...ids: string[]) => {
    const commands = ids.map(id => ({ person: 'ann', id }));
    const [opened] = engine.openTurn([{ room: ROOM, after: undefined, commands, undos: [], shapes: [], messages: [] }]);
    return opened?.accepted.map(({ id }) => id);
  };
  accept('one', 'two');
  now += ACCEPTED_LASTS;
  accept('three');
  assert.deepEqual(known('one', 'two', 'three'), ['one', 'two', 'three']);
  now += 1;
  accept('four');
  assert.deepEqual(known('one', 'two', 'three', 'four'), ['three', 'four']);
  accept('one');
  assert.deepEqual(known('one'), ['one']);
  engine.close();
});
