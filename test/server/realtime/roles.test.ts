import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import { newCommandId } from '../../../protocol/names.js';
import { startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';
import { clear, draw, erase, post, typesOf, undo } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const STROKE = stroke({ id: 'strokeA1', points: 'CC' });
const COMMANDS: readonly CommandBody[] = [
  post('hello'),
  draw(STROKE),
  erase(['strokeA1']),
  clear(),
  undo('a'.repeat(16)),
];

suite('a viewer', () => {
  test('reads, and writes nothing', async t => {
    const backend = await startBackend(t);
    const eve = await Talker.enter(backend, { person: 'eve', rooms: { lobby: 'viewer' } });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const { role } = await eve.join('lobby');
    assert.equal(role, 'viewer');
    await ann.join('lobby');
    for (const body of COMMANDS) {
      const answer = await eve.ask('command', { room: 'lobby', id: newCommandId(), body });
      assert.equal(codeOf(answer), 'role_forbidden', body.type);
    }
    await ann.post('lobby', 'hello');
    const { events } = await eve.hears('events');
    assert.deepEqual(typesOf(events), ['entered', 'posted']);
    assert.equal(codeOf(await eve.ask('read', { room: 'lobby', seq: 2 })), undefined);
  });

  test('shows no ink, cursor or typing', async t => {
    const backend = await startBackend(t);
    const eve = await Talker.enter(backend, { person: 'eve', rooms: { lobby: 'viewer' } });
    const ann = await Talker.enter(backend, { person: 'ann' });
    const bob = await Talker.enter(backend, { person: 'bob' });
    const { handle } = await eve.join('lobby');
    await ann.join('lobby');
    const bobs = await bob.join('lobby');
    await ann.hears('presence', ({ came }) => came.some(({ person }) => person.id === 'bob'));
    eve.socket.emit('l', handle, ['ink', 'strokeA1', 'red', 2, 0, 0, 'CC'], ['at', 1, 1], ['type', 1]);
    // Answered after the live steps were taken, as everything of one connection is.
    await eve.ask('read', { room: 'lobby', seq: 0 });
    bob.socket.emit('l', bobs.handle, ['at', 2, 2]);
    const frame = await ann.frame();
    assert.deepEqual(
      frame.map(([peer]) => ann.who('lobby', peer)),
      ['bob'],
    );
    assert.deepEqual((await ann.join('lobby')).ink, []);
  });
});

test('a member does not clear the board, a moderator does', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend, { person: 'ann' });
  const mo = await Talker.enter(backend, { person: 'mo', rooms: { lobby: 'moderator' } });
  await ann.join('lobby');
  await mo.join('lobby');
  await ann.draw('lobby');
  const clearing = { room: 'lobby', id: newCommandId(), body: clear() } as const;
  assert.equal(codeOf(await ann.ask('command', clearing)), 'role_forbidden');
  assert.equal(codeOf(await mo.ask('command', clearing)), undefined);
});
