import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { emptyState } from '../../../protocol/timeline/state.js';
import { ResidentRooms } from '../../../server/domain/resident-rooms.js';
import { RoomMemory } from '../../../server/domain/room-memory.js';
import { roomKey } from '../../support/room-key.js';
import { stroke } from '../../support/strokes.js';
import { cleared, drawn, entered } from '../../support/commands.js';

const KB = 1_024;
const [A, B, C] = [roomKey('acme', 'a'), roomKey('acme', 'b'), roomKey('acme', 'c')];

const emptyRoom = () => new RoomMemory(emptyState('e'), EVENTS);

function draw(memory: RoomMemory, points: number): void {
  const seq = memory.state.seq + 1;
  const shape = stroke({ id: `stroke-${seq}`, points: 'A'.repeat(points) });
  memory.apply({ seq, prev: seq - 1, at: 0, by: 1, command: 'c', ...drawn(shape) });
}

/** A room on whose board so many characters are drawn. */
function drawnOn(points: number): RoomMemory {
  const memory = emptyRoom();
  draw(memory, points);
  return memory;
}

const holding = (residentBytes: number) => new ResidentRooms({ resident: 100, residentBytes, idle: 1_000_000 });
const held = (rooms: ResidentRooms) => [A, B, C].filter(room => rooms.has(room));

test('what a room takes grows and shrinks with its board, and with who is known there', () => {
  const memory = emptyRoom();
  const empty = memory.bytes;
  draw(memory, 5_000);
  const full = memory.bytes;
  assert.ok(full >= empty + 5_000);
  const person = { id: 'ann', name: 'Ann' };
  memory.apply({ seq: 2, prev: 1, at: 0, by: 1, command: 'c', ...entered(person) });
  assert.ok(memory.bytes > full);
  memory.apply({ seq: 3, prev: 2, at: 0, by: 1, command: 'c', ...cleared() });
  assert.ok(memory.bytes < full);
});

test('beyond a size the rooms used longest ago are let go', () => {
  const rooms = holding(25 * KB);
  for (const room of [A, B]) rooms.keep(room, drawnOn(10 * KB), 1);
  rooms.letGo(1);
  assert.deepEqual(held(rooms), [A, B]);
  rooms.keep(A, drawnOn(10 * KB), 2);
  rooms.keep(C, drawnOn(10 * KB), 3);
  rooms.letGo(3);
  assert.deepEqual(held(rooms), [A, C]);
});

test('a room counts as it is since it was last used, and no more when it is forgotten', () => {
  const rooms = holding(25 * KB);
  const growing = drawnOn(1 * KB);
  rooms.keep(A, drawnOn(10 * KB), 1);
  rooms.keep(B, growing, 1);
  draw(growing, 20 * KB);
  rooms.keep(B, growing, 2);
  rooms.letGo(2);
  assert.deepEqual(held(rooms), [B]);
  rooms.forget(B);
  rooms.forget(B);
  for (const room of [A, C]) rooms.keep(room, drawnOn(10 * KB), 3);
  rooms.letGo(3);
  assert.deepEqual(held(rooms), [A, C]);
});

test('a room that is too large by itself is held until another one is used', () => {
  const rooms = holding(25 * KB);
  rooms.keep(A, drawnOn(1 * KB), 1);
  rooms.keep(B, drawnOn(30 * KB), 2);
  rooms.letGo(2);
  assert.deepEqual(held(rooms), [B]);
  rooms.keep(C, drawnOn(1 * KB), 3);
  rooms.letGo(3);
  assert.deepEqual(held(rooms), [C]);
});
