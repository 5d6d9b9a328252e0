/** What must be true when the storm is over. */
import assert from 'node:assert/strict';

import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { RoomStorage } from '../../server/domain/storage.js';
import { connect, type RoomSession } from '../../widget/session/index.js';
import type { Scope } from '../support/backend.js';
import { roomKey } from '../support/room-key.js';
import { type Member, ROOM } from './crowd.js';
import { type ServerProcess, SITE } from './server-process.js';
import { whileItMoves } from './while-it-moves.js';

/** Milliseconds in which everyone must have caught up once all is acknowledged. */
const PATIENCE = 60_000;

/** Waits until nothing is on its way any more, and everyone shows what `reader`, who came last, shows. */
export async function agree(members: readonly Member[], reader: RoomSession): Promise<void> {
  const left = () => members.reduce((sum, { session }) => sum + session.waiting, 0);
  await whileItMoves(Promise.all(members.map(({ session }) => session.settled())), left, () => {
    const waiting = members.map(({ person, session }) => `${person} ${session.status} ${session.waiting}`);
    return `not all was acknowledged: ${waiting.join(', ')}`;
  });
  for (const { person, session } of members) {
    await within(sees(session, reader), () => {
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
  /** Of the messages those whose acknowledgement was seen at once, with the seq that was promised. */
  readonly promised: number;
  /** What was sent and is not there, or not where it was promised. */
  readonly lost: readonly string[];
  /** What is there more than once. */
  readonly doubled: readonly string[];
}

/** Holds the log to what was promised: nothing lost, nothing doubled, nothing refused, one timeline without gaps. */
export async function holdToPromises(members: readonly Member[], storage: RoomStorage): Promise<Verdict> {
  const events = await wholeLog(storage);
  events.forEach(({ seq, prev }, index) => assert.deepEqual([seq, prev], [index + 1, index], 'the log has a gap'));
  const commands = events.filter(({ type }) => type !== 'person.entered').map(({ command, by }) => `${by} ${command}`);
  assert.equal(new Set(commands).size, commands.length, 'a command led to two events');

  const seqs = new Map<string, number[]>();
  for (const event of events) {
    const name = nameOf(event);
    if (name !== undefined) seqs.set(name, [...(seqs.get(name) ?? []), event.seq]);
  }
  for (const { person, refused } of members) assert.deepEqual(refused, [], `${person} was refused something`);
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
  assert.ok(verdict.promised > 100, `only ${verdict.promised} messages were acknowledged: nothing was tried`);
  return verdict;
}

/** Once the storm is over: somebody comes who saw nothing of it, everyone must agree with them, and the log with what was promised. */
export async function conclude(scope: Scope, members: readonly Member[], server: ServerProcess): Promise<Verdict> {
  const getToken = () => server.token({ person: 'late' });
  const reader = connect({ server: server.url, site: SITE, room: ROOM, getToken });
  scope.after(async () => reader.close());
  await agree(members, reader);
  await server.kill();
  const storage = await server.openStorage();
  scope.after(() => storage.close());
  return holdToPromises(members, storage);
}

/** A verdict in a line. */
export function told({ events, sent, promised, lost, doubled }: Verdict): string {
  return `${sent} messages and strokes in ${events} events, ${promised} promises kept; lost ${lost.length}, doubled ${doubled.length}`;
}

async function wholeLog(storage: RoomStorage): Promise<TimelineEvent[]> {
  const room = roomKey(SITE, ROOM);
  const events: TimelineEvent[] = [];
  for (;;) {
    const page = await storage.tail(room, events.length, 1_000);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

/** What a person would know an event by. */
function nameOf(event: TimelineEvent): string | undefined {
  if (event.type === 'message.posted') return event.text;
  return event.type === 'shape.drawn' ? event.stroke.id : undefined;
}

/** The newest messages (a reader who came late has no older ones) and the whole board, in their order. */
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

async function within(work: Promise<unknown>, lament: () => string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(lament())), PATIENCE);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
