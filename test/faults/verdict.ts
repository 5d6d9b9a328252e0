/** What must be true when the storm is over. */
import assert from 'node:assert/strict';

import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { RoomStorage } from '../../server/domain/storage.js';
import type { RoomSession } from '../../widget/session/index.js';
import { roomKey } from '../support/room-key.js';
import { type Member, ROOM } from './crowd.js';
import { SITE } from './server-process.js';

/** Milliseconds in which everyone must have caught up once nothing is in their way. */
const PATIENCE = 60_000;

/** Waits until nothing is on its way any more, and everyone shows what `reader`, who came last, shows. */
export async function agree(members: readonly Member[], reader: RoomSession): Promise<void> {
  await within(Promise.all(members.map(({ session }) => session.settled())), () => {
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

/** Holds the log to what was promised: nothing lost, nothing doubled, one timeline. */
export async function holdToPromises(members: readonly Member[], storage: RoomStorage): Promise<TimelineEvent[]> {
  const events = await wholeLog(storage);
  events.forEach(({ seq, prev }, index) => assert.deepEqual([seq, prev], [index + 1, index], 'the log has a gap'));
  const commands = events.filter(({ type }) => type !== 'person.entered').map(({ command, by }) => `${by} ${command}`);
  assert.equal(new Set(commands).size, commands.length, 'a command led to two events');

  const seqs = new Map<string, number[]>();
  for (const event of events) {
    const name = nameOf(event);
    if (name !== undefined) seqs.set(name, [...(seqs.get(name) ?? []), event.seq]);
  }
  for (const { person, texts, shapes, promised, refused } of members) {
    assert.deepEqual(refused, [], `${person} was refused something`);
    for (const name of [...texts, ...shapes]) {
      assert.equal(seqs.get(name)?.length, 1, `${name} is there ${seqs.get(name)?.length ?? 0} times`);
    }
    for (const [text, seq] of promised) assert.deepEqual(seqs.get(text), [seq], `${text} was promised as ${seq}`);
  }
  return events;
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
