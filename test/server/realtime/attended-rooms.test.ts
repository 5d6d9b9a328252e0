import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EventPayload } from '../../../protocol/timeline/events.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import { singleNode } from '../../../server/cluster/single-node.js';
import { DEFAULT_SITE_LIMITS, type Site } from '../../../server/domain/site.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { AttendedRooms } from '../../../server/realtime/attended-rooms.js';
import { ManualClock } from '../../support/manual-clock.js';
import { roomKey } from '../../support/room-key.js';
import { stroke } from '../../support/strokes.js';
import { completed, drawn } from '../../support/commands.js';

const ROOM = roomKey('acme', 'algebra');
const DRAWN = stroke();
const ANN = { id: 'ann', name: 'Ann' };
const READS_NOTHING = { slow: false, keepPace: () => undefined, send: () => undefined };
const SITE: Site = {
  id: 'acme',
  name: 'Acme',
  origins: [],
  guests: {},
  limits: DEFAULT_SITE_LIMITS,
  retentionDays: null,
  strokeTimes: true,
};

/**
 * A room in which Ann, by no socket at all, is in the middle of a stroke; and what is kept of it.
 */
function midStroke() {
  const clock = new ManualClock();
  const kept: string[] = [];
  const world: { site: Site | undefined } = { site: SITE };
  const attendedRooms = new AttendedRooms({
    kinds: { events: EVENTS },
    namespace: { name: '/v1' },
    clock,
    metrics: new Metrics(),
    rooms: { submit: room => Promise.resolve(kept.push(room)) },
    sites: { site: () => world.site, revocations: { has: () => false } },
    cluster: singleNode(),
    isAlone: true,
  });
  const attended = attendedRooms.attend(ROOM);
  const peer = attended.enter(READS_NOTHING, ANN, 'member');
  attended.take(peer, [['ink', DRAWN.id, 'blue', 4, -2, 0, DRAWN.content.points]]);
  const happens = (payload: EventPayload) => {
    attendedRooms.announce(ROOM, 'e', [{ seq: 1, prev: 0, at: 0, by: 1, command: 'c', ...payload }]);
  };
  return { attendedRooms, attended, peer, happens, clock, kept, world };
}

test('a stroke is in progress until the whole of it is on the timeline', () => {
  const { attended, happens } = midStroke();
  happens(drawn(DRAWN, { partial: true }));
  happens(completed(DRAWN, { partial: true }));
  happens(drawn(stroke()));
  assert.equal(attended.live.ink.length, 1);
  happens(completed(DRAWN));
  assert.deepEqual(attended.live.ink, []);

  const another = midStroke();
  another.happens(drawn(DRAWN));
  assert.deepEqual(another.attended.live.ink, []);
});

test('who leaves in the middle of a stroke leaves it to be kept, though the room is let go', () => {
  const { attendedRooms, attended, peer, clock, kept } = midStroke();
  attendedRooms.leave(attended, peer);
  assert.deepEqual(attendedRooms.all, []);
  clock.advance(VANISHED_GRACE);
  assert.deepEqual(kept, [ROOM]);
});

test('in a site that was removed since nothing is kept: it would fail the turn of others', () => {
  const { attendedRooms, attended, peer, clock, kept, world } = midStroke();
  attendedRooms.leave(attended, peer);
  world.site = undefined;
  clock.advance(VANISHED_GRACE);
  assert.deepEqual(kept, []);
});
