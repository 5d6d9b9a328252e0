import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Snapshot } from '../../../protocol/timeline/state.js';
import { type Backend, ORIGIN, startBackend } from '../../support/backend.js';
import { codeOf, Talker } from '../../support/talker.js';
import { draw, isPosted, undo } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';

const ROOM = 'algebra-101';
const STROKE = ['strokeA1', 'blue', 4, 0, 0] as const;

async function read(backend: Backend, site: string, what: string, token: string): Promise<unknown> {
  const url = `${backend.url}/v1/sites/${site}/rooms/${ROOM}/${what}`;
  const answer = await fetch(url, { headers: { origin: ORIGIN, authorization: `Bearer ${token}` } });
  return answer.json();
}

test('the same room name on two sites is two rooms: talk, ink, cursors, presence, history, snapshot', async t => {
  const backend = await startBackend(t);
  // The same person's id as well, so that nothing but the site tells them apart.
  const at = (site: string, person: string, node?: number) =>
    Talker.enter(backend, { site, person, rooms: { [ROOM]: 'moderator' }, ...(node !== undefined && { node }) });
  const [acme, acmeToo, globex, globexToo] = await Promise.all([
    // On one node, which has a handle for either room.
    at('acme', 'ann', 0),
    at('acme', 'bob'),
    at('globex', 'ann', 0),
    at('globex', 'bob'),
  ]);
  const here = await acme.join(ROOM);
  await acmeToo.join(ROOM);
  const there = await globex.join(ROOM);
  await globexToo.join(ROOM);
  assert.notEqual(here.head.epoch, there.head.epoch);
  assert.notEqual(here.handle, there.handle);
  assert.equal(there.count, 1);
  assert.deepEqual(there.here, [{ ...there.you, role: 'moderator' }]);

  await acme.post(ROOM, 'only at acme');
  await acme.draw(ROOM);
  acme.socket.emit('l', here.handle, ['ink', ...STROKE, 'CC'], ['at', 1, 2], ['type', 1]);
  await acmeToo.frame(entry => entry[0] === 'at');
  await acme.ask('read', { room: ROOM, seq: 2 });

  // What is said at globex now is the first thing that anyone there hears of.
  const joinedLate = await (await at('globex', 'cy')).join(ROOM);
  assert.deepEqual(joinedLate.ink, []);
  assert.equal(joinedLate.head.seq, 0);
  assert.equal((await globex.join(ROOM)).read, 0);
  await globexToo.post(ROOM, 'only at globex');
  const { epoch, events } = await globex.hears('events');
  assert.equal(epoch, there.head.epoch);
  assert.deepEqual(
    events.flatMap(event => (isPosted(event) ? [event.text] : [])),
    ['only at globex'],
  );
  assert.deepEqual(globex.unasked('f'), []);
  const presence = globex.unasked('presence').flatMap(([fact]) => fact as { came: { person: { id: string } }[] });
  for (const { came } of presence) for (const { person } of came) assert.notEqual(person.id, 'dee');

  const [ours, theirs] = [await backend.token({ site: 'acme' }), await backend.token({ site: 'globex' })];
  const snapshots = [
    await read(backend, 'acme', 'snapshot', ours),
    await read(backend, 'globex', 'snapshot', theirs),
  ] as Snapshot[];
  assert.deepEqual(
    snapshots.map(({ messages }) => messages.map(({ text }) => text)),
    [['only at acme'], ['only at globex']],
  );
  assert.deepEqual(
    snapshots.map(({ shapes }) => shapes.length),
    [1, 0],
  );
  const history = (await read(backend, 'globex', 'messages?before=999', theirs)) as Snapshot;
  assert.deepEqual(
    history.messages.map(({ text }) => text),
    ['only at globex'],
  );
});

test("another site's handle, position and command ids lead nowhere", async t => {
  const backend = await startBackend(t);
  // On one node, where a handle of the other site means something.
  const acme = await Talker.enter(backend, { site: 'acme', person: 'ann', node: 0 });
  const globex = await Talker.enter(backend, { site: 'globex', person: 'ann', node: 0 });
  const watcher = await Talker.enter(backend, { site: 'acme', person: 'bob' });
  const here = await acme.join(ROOM);
  await watcher.join(ROOM);
  const there = await globex.join(ROOM);
  const drawing = draw(stroke({ id: 'strokeA1', points: 'CC' }));
  const id = 'a'.repeat(16);
  await acme.command(ROOM, drawing, id);

  globex.socket.emit('l', here.handle, ['at', 6, 6]);
  globex.socket.emit('l', there.handle, ['at', 7, 7]);
  const { epoch, seq } = here.head;
  const tail = await globex.ask('catchup', { room: ROOM, after: { epoch, seq } });
  assert.ok(tail.ok && tail.reset);
  const undoing = await globex.ask('command', {
    room: ROOM,
    id: 'b'.repeat(16),
    body: undo(id),
  });
  assert.equal(codeOf(undoing), 'undo_unknown');
  // The same command id is another command there.
  await globex.command(ROOM, drawing, id);
  acme.socket.emit('l', here.handle, ['at', 1, 1]);
  const frame = await watcher.frame(entry => entry[0] === 'at');
  assert.deepEqual(
    frame.map(([, entry]) => entry),
    [['at', 1, 1]],
  );
});

test("no event leads into another connection's own channel", async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend);
  const eve = await Talker.enter(backend, { site: 'globex', person: 'eve' });
  for (const room of [String(ann.socket.id), 'acme/algebra-101', 'slow:']) {
    assert.notEqual(codeOf(await eve.askAnything('join', { room })), undefined, room);
  }
});
