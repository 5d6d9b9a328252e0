/** What must be true when the storm is over. */
import assert from 'node:assert/strict';

import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { RoomStorage } from '../../server/domain/storage.js';
import { connect, type RoomSession } from '../../widget/session/index.js';
import { roomKey } from '../support/room-key.js';
import { within } from '../support/patience.js';
import type { Scope } from '../support/scope.js';
import { isDrawn, isEntered, isPosted } from '../support/commands.js';
import { ENOUGH_PROMISED, type Member, ROOM } from './crowd.js';
import type { Service } from './service.js';
import { SITE } from './site.js';
import { whileItMoves } from './while-it-moves.js';

/** Milliseconds in which everyone must have caught up once all is acknowledged. */
const PATIENCE = 60_000;

/**
 * Waits until nothing is on its way any more, and everyone shows what the readers, who came last,
 * show.
 */
export async function agree(members: readonly Member[], readers: readonly RoomSession[]): Promise<void> {
  const left = () => members.reduce((sum, { session }) => sum + session.waiting, 0);
  await whileItMoves(Promise.all(members.map(({ session }) => session.settled())), left, () => {
    const waiting = members.map(({ person, session }) => `${person} ${session.status} ${session.waiting}`);
    return `not all was acknowledged: ${waiting.join(', ')}`;
  });
  const [reader, ...others] = readers;
  assert.ok(reader);
  const shows = [...others.map(session => ({ person: 'another reader', session })), ...members];
  for (const { person, session } of shows) {
    await within(PATIENCE, sees(session, reader), () => {
      const [own, theirs] = [shown(session), shown(reader)];
      return `${person} sees ${own.length} things and the reader ${theirs.length}, or others`;
    });
  }
}

/** What came of it, in figures. */
export interface Verdict {
  readonly events: number;
  /** Messages and strokes that were sent, every one of them acknowledged by the end. */
  readonly sent: number;
  /**
   * Of the messages those whose acknowledgement was seen at once, with the seq that was promised.
   */
  readonly promised: number;
  /** What was sent and is not there, or not where it was promised. */
  readonly lost: readonly string[];
  /** What is there more than once. */
  readonly doubled: readonly string[];
}

/**
 * Holds the log to what was promised: nothing lost, nothing doubled, nothing refused, one timeline
 * without gaps.
 */
export async function holdToPromises(members: readonly Member[], storage: RoomStorage): Promise<Verdict> {
  const events = await wholeLog(storage);
  events.forEach(({ seq, prev }, index) => assert.deepEqual([seq, prev], [index + 1, index], 'the log has a gap'));
  const commands = events.filter(event => !isEntered(event)).map(({ command, by }) => `${by} ${command}`);
  assert.equal(new Set(commands).size, commands.length, 'a command led to two events');

  const seqs = new Map<string, number[]>();
  for (const event of events) {
    const name = nameOf(event);
    if (name !== undefined) seqs.set(name, [...(seqs.get(name) ?? []), event.seq]);
  }
  for (const { person, refused } of members) assert.deepEqual(refused, [], `${person} was refused something`);
  for (const member of present(members)) isOneTimeline(member, events);
  const sent = members.flatMap(({ texts, shapes }) => [...texts, ...shapes]);
  const promised = members.flatMap(member => [...member.promised]);
  const misplaced = promised.filter(([text, seq]) => !seqs.get(text)?.includes(seq)).map(([text]) => text);
  const verdict = {
    events: events.length,
    sent: sent.length,
    promised: promised.length,
    lost: [...new Set([...sent.filter(name => !seqs.has(name)), ...misplaced])],
    doubled: sent.filter(name => (seqs.get(name)?.length ?? 0) > 1),
  };
  assert.deepEqual({ lost: verdict.lost, doubled: verdict.doubled }, { lost: [], doubled: [] });
  assert.ok(verdict.promised >= ENOUGH_PROMISED, `only ${verdict.promised} acknowledged: nothing was tried`);
  return verdict;
}

/**
 * Once the storm is over: somebody who saw nothing of it comes to each node, everyone must agree
 * with them, and the log with what was promised.
 */
export async function conclude(scope: Scope, members: readonly Member[], server: Service): Promise<Verdict> {
  const getToken = () => server.token({ person: 'late' });
  const readers = server.processes.map(({ url }) => connect({ server: url, site: SITE, room: ROOM, getToken }));
  scope.after(async () => readers.forEach(reader => reader.close()));
  await agree(present(members), readers);
  await server.kill();
  const storage = await server.openStorage();
  scope.after(() => storage.close());
  return holdToPromises(members, storage);
}

/** A verdict in a line. */
export function told({ events, sent, promised, lost, doubled }: Verdict): string {
  return `${sent} messages and strokes in ${events} events, ${promised} promises kept; lost ${lost.length}, doubled ${doubled.length}`;
}

/** Every event of the room, in order. */
export async function wholeLog(storage: RoomStorage): Promise<AnyEvent[]> {
  const room = roomKey(SITE, ROOM);
  const events: AnyEvent[] = [];
  for (;;) {
    const page = await storage.tail(room, events.length, 1_000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** Those who did not leave before the end. */
function present(members: readonly Member[]): Member[] {
  return members.filter(({ session }) => session.status !== 'closed');
}

/** All messages that somebody has, from the first one on, are those of the log. */
function isOneTimeline({ person, session }: Member, events: readonly AnyEvent[]): void {
  const seen = session.messages.map(({ seq, text }) => `${seq ?? '?'} ${text}`);
  const from = session.messages[0]?.seq ?? 0;
  const kept = events.flatMap(event => (isPosted(event) && event.seq >= from ? [`${event.seq} ${event.text}`] : []));
  assert.deepEqual(seen, kept, `${person} has another timeline`);
}

/** What a person would know an event by. */
function nameOf(event: AnyEvent): string | undefined {
  if (isPosted(event)) return event.text;
  return isDrawn(event) ? event.shape.id : undefined;
}

/**
 * The newest messages (a reader who came late has no older ones) and the whole board, in their
 * order.
 */
function shown({ messages, board }: RoomSession): string[] {
  const talk = messages.slice(-50).map(({ seq, text, state }) => `${seq ?? '?'} ${text} ${state}`);
  return [...talk, ...[...board.shapes.values()].map(({ id, seq, pending }) => `${seq} ${id} ${pending ?? ''}`)];
}

function sees(session: RoomSession, reader: RoomSession): Promise<void> {
  return new Promise(resolve => {
    const stops: (() => void)[] = [];
    const look = (): void => {
      if (shown(session).join('\n') !== shown(reader).join('\n')) return;
      queueMicrotask(() => stops.forEach(stop => stop()));
      resolve();
    };
    stops.push(session.subscribe(look), reader.subscribe(look));
  });
}
