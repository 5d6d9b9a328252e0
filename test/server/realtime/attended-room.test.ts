import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Peer } from '../../../protocol/conversation.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent, EventPayload } from '../../../protocol/timeline/events.js';
import { EVENTS } from '../../../protocol/timeline/evolve.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { AttendedRooms } from '../../../server/realtime/attended-rooms.js';
import { PRESENCE_INTERVAL } from '../../../server/realtime/live/presence-news.js';
import { ManualClock } from '../../support/manual-clock.js';
import { roomKey } from '../../support/room-key.js';
import { stroke } from '../../support/strokes.js';
import { cleared, drawn } from '../../support/commands.js';
import { OtherNodes } from './other-nodes.js';

const ROOM = roomKey('acme', 'algebra');
const ANN = { id: 'ann', name: 'Ann' };
const BOB = { id: 'bob', name: 'Bob' };
const CY = { id: 'cy', name: 'Cy' };
const DRAWN = stroke();
const INK = ['ink', DRAWN.id, 'blue', 4, -2, 0, DRAWN.content.points] as const;

function memberAt(peer: number, person: Peer['person']): Peer {
  return { peer, person, role: 'member' };
}

/**
 * A room in which Ann is, with the other nodes, and how often she was told anything; and what is
 * kept of vanished authors.
 */
function withAnn() {
  const clock = new ManualClock();
  const nodes = new OtherNodes();
  const kept: string[] = [];
  const site = {
    id: 'acme',
    name: '',
    origins: [],
    guests: {},
    limits: DEFAULT_SITE_LIMITS,
    retentionDays: null,
    strokeTimes: true,
  };
  const attendedRooms = new AttendedRooms({
    kinds: { events: EVENTS },
    namespace: { name: '/v1' },
    clock,
    metrics: new Metrics(),
    rooms: { submit: (_room, { person }, { body }) => Promise.resolve(kept.push(`${person.id} ${body.type}`)) },
    sites: { site: () => site, revocations: { has: () => false } },
    cluster: nodes,
    isAlone: false,
  });
  const attended = attendedRooms.attend(ROOM);
  let heard = 0;
  const reader = { slow: false, keepPace: () => undefined, send: () => void (heard += 1) };
  const ann = attended.enter(reader, ANN, 'member');
  const pause = () => clock.advance(Math.max(PRESENCE_INTERVAL, LIMITS.liveInterval));
  pause();
  assert.deepEqual(nodes.told, [['came', [memberAt(ann, ANN)]]]);
  const hears = () => {
    pause();
    const facts = heard;
    heard = 0;
    return facts;
  };
  hears();
  const names = () => attended.live.list(ann).map(({ peer, person }) => `${peer} ${person.name}`);
  return { attendedRooms, attended, ann, nodes, says: nodes.say(ROOM), clock, kept, hears, names };
}

function eventOf(happening: EventPayload, seq = 1): AnyEvent {
  return { seq, prev: seq - 1, at: 0, by: 1, command: 'c', ...happening };
}

suite('the other nodes are told', () => {
  test('who comes and goes here, and what they do, but for viewers', () => {
    const { attendedRooms, attended, ann, nodes } = withAnn();
    attended.take(ann, [['at', 1, 2]]);
    attended.change(ann, ANN, 'viewer');
    attended.take(ann, [['at', 3, 4]]);
    attendedRooms.leave(attended, ann);
    attendedRooms.leave(attended, ann);
    assert.deepEqual(nodes.told, [
      ['steps', ann, [['at', 1, 2]]],
      ['came', [{ peer: ann, person: ANN, role: 'viewer' }]],
      ['left', [ann]],
    ]);
  });

  test('that nobody here listens any longer, but not each time that somebody comes and goes', () => {
    const { attendedRooms, attended, ann, nodes, clock } = withAnn();
    const reader = { slow: false, keepPace: () => undefined, send: () => undefined };
    attendedRooms.leave(attended, ann);
    for (let times = 0; times < 3; times += 1) {
      clock.advance(1_000);
      const again = attendedRooms.attend(ROOM);
      assert.equal(again, attended);
      attendedRooms.leave(again, again.enter(reader, ANN, 'member'));
    }
    assert.ok(nodes.told.every(([what]) => what === 'came' || what === 'left'));
    clock.advance(10_000);
    assert.deepEqual(nodes.told.at(-1), ['close']);
    assert.notEqual(attendedRooms.attend(ROOM), attended);
  });

  test('the ink in progress here, where one of them asks', () => {
    const { attended, ann, nodes, says } = withAnn();
    says.came('n2', [memberAt(1, BOB)]);
    says.steps('n2', 1, [['ink', 'strokeB2', 'red', 2, 0, 0, 'CC']]);
    attended.take(ann, [INK, ['more', 'CC']]);
    assert.equal(nodes.told.length, 1);
    says.asked();
    assert.deepEqual(nodes.told, [['steps', ann, [[...INK.slice(0, 6), `${DRAWN.content.points}CC`]]]]);
  });
});

suite('who is on another node', () => {
  test('has a number of this one, under which they are told', () => {
    const { attended, says, hears, names } = withAnn();
    says.came('n2', [memberAt(1, BOB)]);
    says.came('n3', [memberAt(1, CY)]);
    assert.deepEqual(names(), ['1 Ann', '2 Bob', '3 Cy']);
    assert.equal(hears(), 1);
    says.steps('n3', 1, [INK]);
    assert.deepEqual(
      attended.live.ink.map(({ peer }) => peer),
      [3],
    );
    says.left('n2', [1]);
    assert.deepEqual(names(), ['1 Ann', '3 Cy']);
    says.left('n3', [7]);
    assert.equal(attended.live.count, 2);
  });

  test('and is told of again has not come again, but may be called otherwise', () => {
    const { says, hears, names } = withAnn();
    says.came('n2', [memberAt(1, BOB)]);
    hears();
    says.came('n2', [memberAt(1, BOB)]);
    assert.equal(hears(), 0);
    says.came('n2', [memberAt(1, { ...BOB, name: 'Robert' })]);
    assert.equal(hears(), 1);
    assert.deepEqual(names(), ['1 Ann', '2 Robert']);
  });

  test('and whom nobody told of does nothing', () => {
    const { says, hears, attended } = withAnn();
    says.steps('n2', 1, [INK]);
    assert.equal(hears(), 0);
    assert.deepEqual(attended.live.ink, []);
  });

  test('leaves what they were drawing to their own node, or to whoever saw it where that is lost', () => {
    const { says, clock, kept, names } = withAnn();
    says.came('n2', [memberAt(1, BOB)]);
    says.came('n3', [memberAt(1, CY), memberAt(2, CY)]);
    says.steps('n2', 1, [INK]);
    says.steps('n3', 2, [INK]);
    says.left('n2', [1]);
    says.lost('n3');
    assert.deepEqual(names(), ['1 Ann']);
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(kept, ['cy shape.keep']);
    says.lost('n3');
    says.steps('n3', 2, [INK]);
    clock.advance(VANISHED_GRACE);
    assert.equal(kept.length, 1);
  });
});

test('what another node kept is told, and its ink is in progress no longer', () => {
  const { attended, ann, says, hears } = withAnn();
  attended.take(ann, [INK]);
  hears();
  says.events('e', [eventOf(drawn(DRAWN), 7)]);
  assert.equal(hears(), 1);
  assert.deepEqual(attended.live.ink, []);
  assert.deepEqual(attended.told, { epoch: 'e', seq: 7 });
});

test('how far the timeline was told never goes back, but for another timeline', () => {
  const { attended, says, hears } = withAnn();
  assert.equal(attended.told, undefined);
  attended.found({ epoch: 'e', seq: 4 });
  says.events('e', [eventOf(cleared(), 6)]);
  says.events('e', [eventOf(cleared(), 5)]);
  hears();
  attended.found({ epoch: 'e', seq: 5 });
  assert.deepEqual(attended.told, { epoch: 'e', seq: 6 });
  says.events('f', [eventOf(cleared(), 1)]);
  hears();
  assert.deepEqual(attended.told, { epoch: 'f', seq: 1 });
});

test('who joins waits until everyone is known, but not long', async () => {
  const ready = withAnn();
  let waiting = ready.attended.known();
  assert.equal(ready.attended.isKnown, false);
  ready.nodes.markReady();
  await waiting;
  assert.equal(ready.attended.isKnown, true);

  const { attended, clock } = withAnn();
  waiting = attended.known();
  clock.advance(400);
  await waiting;
  assert.equal(attended.isKnown, false);
});

test('what comes from another node after the room was let go means nothing', () => {
  const { attendedRooms, attended, ann, nodes, says, clock } = withAnn();
  attendedRooms.leave(attended, ann);
  clock.advance(10_000);
  assert.deepEqual(nodes.told.at(-1), ['close']);
  says.came('n2', [memberAt(1, BOB)]);
  says.steps('n2', 1, [INK]);
  says.lost('n2');
  says.asked();
  says.events('e', [eventOf(cleared())]);
  assert.deepEqual([nodes.told, clock.waiting, attendedRooms.count(ROOM)], [[], 0, 0]);
});

test('what other nodes keep at the same time goes along with what this one keeps', () => {
  const { attended, says, clock, hears } = withAnn();
  for (const seq of [1, 2]) says.events('e', [eventOf(cleared(), seq)]);
  clock.advance(5);
  assert.equal(attended.told?.seq, 1);
  attended.announce('e', [eventOf(cleared(), 3)]);
  assert.equal(attended.told.seq, 3);
  assert.equal(hears(), 2);
});

suite('while a stroke waits for its author, its room is listened to', () => {
  /** Ann has vanished in the middle of a stroke, and nobody of this node is left. */
  function vanished() {
    const world = withAnn();
    const { attendedRooms, attended, ann, nodes, says } = world;
    attended.take(ann, [INK]);
    attendedRooms.leave(attended, ann);
    assert.deepEqual(nodes.told.at(-1), ['left', [ann]]);
    assert.deepEqual(attendedRooms.all, []);
    says.came('n2', [memberAt(1, ANN)]);
    return world;
  }

  test('and then let go', () => {
    const { clock, kept, nodes } = vanished();
    clock.advance(VANISHED_GRACE);
    assert.deepEqual(kept, ['ann shape.keep']);
    assert.deepEqual(nodes.told, [['close']]);
  });

  test('and forgotten where she drops it by another node', () => {
    const { says, clock, kept, nodes } = vanished();
    says.steps('n2', 1, [INK, ['drop']]);
    clock.advance(2 * VANISHED_GRACE);
    assert.deepEqual(nodes.told, [['close']]);
    assert.deepEqual(kept, []);
  });

  test('and left to her while she draws on by another node', () => {
    const { says, clock, kept, attendedRooms } = vanished();
    says.steps('n2', 1, [INK, ['more', 'CC']]);
    clock.advance(3 * VANISHED_GRACE);
    assert.deepEqual(kept, []);
    // Who comes now finds the stroke as it is.
    assert.equal(attendedRooms.attend(ROOM).live.ink[0]?.ink[5], `${DRAWN.content.points}CC`);
  });
});
