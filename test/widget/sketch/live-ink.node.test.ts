import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { InkBegin } from '../../../protocol/shapes/stroke.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import type { BoardPeer } from '../../../widget/sketch/board-data.js';
import { LiveInk, type LiveStroke } from '../../../widget/sketch/live-ink.js';

const NEVER = (): boolean => false;

const inkOf = (id: string, points = 'AACCCC'): InkBegin => [id, 'blue', 4, 0, 0, points];

const peerOf = (peer: number, ink?: InkBegin): BoardPeer => {
  return { peer, person: { id: `p${peer}`, name: `P${peer}` }, self: false, ...(ink && { ink }) };
};

const ids = (ink: LiveInk): string[] => ink.strokes().map(({ id }) => id);

test('the ink of somebody who vanished stays until it must have become a shape', () => {
  const ink = new LiveInk();
  ink.follow([peerOf(1, inkOf('strokeA1')), peerOf(2)], 0);
  ink.follow([peerOf(2)], 100);
  assert.equal(ink.settle(NEVER, 100 + VANISHED_GRACE), true);
  assert.deepEqual(ids(ink), ['strokeA1']);
  assert.equal(ink.settle(NEVER, 2 * VANISHED_GRACE), false);
  assert.deepEqual(ids(ink), []);
});

test('the ink of somebody who is there and draws no longer is soon gone', () => {
  const ink = new LiveInk();
  ink.follow([peerOf(1, inkOf('strokeA1'))], 0);
  ink.follow([peerOf(1)], 100);
  assert.deepEqual(ids(ink), ['strokeA1']);
  assert.equal(ink.settle(NEVER, 1_000), false);
  assert.deepEqual(ids(ink), []);
});

test('who comes back and goes on is shown once', () => {
  const ink = new LiveInk();
  ink.follow([peerOf(1, inkOf('strokeA1'))], 0);
  ink.follow([], 100);
  ink.follow([peerOf(3, inkOf('strokeA1', 'AACCCCEE'))], 200);
  assert.deepEqual(ids(ink), ['strokeA1']);
  // By a new connection, while the old one seems to be there still.
  ink.follow([peerOf(3), peerOf(4, inkOf('strokeA1', 'AACCCCEE'))], 300);
  assert.deepEqual(ids(ink), ['strokeA1']);
});

test('whoever asks whether a stroke is on the board is told how much of it was seen', () => {
  const ink = new LiveInk();
  ink.follow([peerOf(1, inkOf('strokeA1', 'AACCEE'))], 0);
  ink.follow([], 100);
  const asked: LiveStroke[] = [];
  const isSettled = (stroke: LiveStroke): boolean => asked.push(stroke) > 0;
  assert.equal(ink.settle(isSettled, 200), false);
  assert.deepEqual(
    asked.map(({ id, kept }) => [id, kept]),
    [['strokeA1', 3]],
  );
  assert.deepEqual(ids(ink), []);
});
