/** Strokes whose authors lose the connection in the middle: what they and the others see. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { LIMITS } from '../../../protocol/limits.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import type { PeerView, RoomSession } from '../../../widget/session/contract.js';
import { startBackend } from '../../support/backend.js';
import { NetworkProxy } from '../../support/browser/network-proxy.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SkippingClock } from '../../support/skipping-clock.js';
import { stroke, withPoints } from '../../support/strokes.js';
import { enter, platformOf, reaches, settledShapes, until } from './people.js';

const PART = stroke({ scale: 0, points: 'AACC' });
const WHOLE = withPoints(PART, 'AAEEEEGG');
const BEGIN: InkBegin = [PART.id, PART.look.color, PART.look.width, PART.content.scale, 0, 'AACC'];

const other = ({ peers }: RoomSession): PeerView | undefined => peers.find(({ self }) => !self);

/** The points of the one shape on the board, with a mark where it is partial or pending. */
function shown({ board }: RoomSession): string {
  return [...board.shapes.values()]
    .map(({ content, partial, pending }) => content.points + (partial ? '…' : '') + (pending ? '?' : ''))
    .join(' ');
}

/** All that a session has shown, each thing once in a row. */
function record(session: RoomSession): string[] {
  const seen: string[] = [];
  session.subscribe(() => {
    if (seen.at(-1) !== shown(session)) seen.push(shown(session));
  });
  return seen;
}

/** Ann in the middle of a stroke that Ben has seen, when she loses her connection. */
async function cutInMidStroke(t: TestContext) {
  const server = new SkippingClock();
  const clock = new ManualClock();
  const backend = await startBackend(t, { clock: server });
  const proxy = new NetworkProxy(() => new URL(backend.url));
  t.after(() => proxy.close());
  const ann = enter(t, backend, { person: 'ann', server: await proxy.listen(), platform: platformOf(clock) });
  const ben = enter(t, backend, { person: 'ben' });
  await Promise.all([reaches(ann, 'connected'), until(ben, ({ peerCount }) => peerCount === 2)]);
  ann.inkBegin(BEGIN);
  await until(ben, session => other(session)?.ink !== undefined);
  proxy.mode = 'down';
  proxy.cut();
  await Promise.all([until(ben, ({ peerCount }) => peerCount === 1), reaches(ann, 'reconnecting')]);
  const back = async (): Promise<void> => {
    proxy.mode = 'pass';
    clock.advance(60_000);
    await reaches(ann, 'connected');
  };
  return { backend, server, clock, ann, ben, back };
}

test('who comes back goes on over what was kept, seen by the others, and completes it: one shape, one undo', async t => {
  const { server, clock, ann, ben, back } = await cutInMidStroke(t);
  server.skip(VANISHED_GRACE);
  await until(ben, session => shown(session) === 'AACC…');
  const [seenByAnn, seenByBen] = [record(ann), record(ben)];
  await back();
  ann.inkMore('EE');
  clock.advance(LIMITS.liveInterval);
  await until(ben, session => other(session)?.ink?.[5] === 'AACCEE');
  ann.draw(WHOLE);
  assert.equal(shown(ann), 'AAEEEEGG?');
  await Promise.all([settledShapes(ann, 1), until(ben, session => shown(session) === 'AAEEEEGG')]);
  assert.deepEqual(seenByAnn.slice(-2), ['AAEEEEGG?', 'AAEEEEGG']);
  assert.deepEqual(seenByBen, ['AACC…', 'AAEEEEGG']);
  await until(ben, session => other(session)?.ink === undefined);

  ann.undo();
  assert.equal(shown(ann), '');
  assert.equal(ann.canUndo, false);
  await until(ben, ({ board }) => board.shapes.size === 0);
  ann.redo();
  await until(ben, session => shown(session) === 'AAEEEEGG');
});

test('who finishes before they are back sees the whole of it from then on', async t => {
  const { server, ann, ben, back } = await cutInMidStroke(t);
  ann.draw(WHOLE);
  const seen = record(ann);
  server.skip(VANISHED_GRACE);
  await until(ben, session => shown(session) === 'AACC…');
  await back();
  await settledShapes(ann, 1);
  await until(ben, session => shown(session) === 'AAEEEEGG');
  assert.deepEqual(seen, ['AAEEEEGG?', 'AAEEEEGG']);
});

test('what was erased while its author was away stays so, and is whole where that is undone', async t => {
  const { server, ann, ben, back } = await cutInMidStroke(t);
  server.skip(VANISHED_GRACE);
  await until(ben, session => shown(session) === 'AACC…');
  ben.erase([PART.id]);
  await ben.settled();
  ann.draw(WHOLE);
  await back();
  await ann.settled();
  await until(ann, ({ board, waiting }) => board.shapes.size === 0 && waiting === 0);
  ben.undo();
  await Promise.all([ann, ben].map(session => until(session, one => shown(one) === 'AAEEEEGG')));
});

test('what is dropped before its author is back is not kept', async t => {
  const { backend, server, clock, ann, ben, back } = await cutInMidStroke(t);
  ann.inkDrop();
  await back();
  clock.advance(LIMITS.liveInterval);
  // Answered behind it.
  ann.send('never mind');
  await ann.settled();
  server.skip(VANISHED_GRACE);
  ben.send('what?');
  await ben.settled();
  assert.equal(shown(ben), '');
  const late = enter(t, backend, { person: 'late' });
  await reaches(late, 'connected');
  assert.deepEqual([shown(late), late.messages.length], ['', 2]);
});
