import type { Position, Tail } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { RoomKey } from '../domain/room-key.js';
import type { RoomStorage } from '../domain/storage.js';

/** Characters of one page, about: what a slow connection can take without being held for stuck. */
const PAGE_SIZE = 256 * 1024;

/** One page of a room's timeline after a position, or that a snapshot is the shorter way. */
export async function timelineTail(storage: RoomStorage, room: RoomKey, after: Position): Promise<Tail> {
  const { epoch, seq } = await storage.head(room);
  const behind = seq - after.seq;
  if (epoch !== after.epoch || behind < 0 || behind > LIMITS.eventsToCatchUp) {
    return { reset: true, head: { epoch, seq } };
  }
  const events = firstPage(await storage.tail(room, after.seq, LIMITS.eventsPerPage));
  // Something may have been added since the head was read.
  const head = { epoch, seq: Math.max(seq, events.at(-1)?.seq ?? 0) };
  return { reset: false, events, head };
}

/** As many events as fit on a page, one at least. */
function firstPage(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  let size = 0;
  const end = events.findIndex((event, index) => {
    size += sizeOf(event);
    return index > 0 && size > PAGE_SIZE;
  });
  return end === -1 ? events : events.slice(0, end);
}

function sizeOf(event: TimelineEvent): number {
  const base = 160;
  switch (event.type) {
    case 'message.posted':
      return base + event.text.length;
    case 'shape.drawn':
      return base + event.stroke.points.length;
    case 'shapes.erased':
      return base + event.shapes.length * 11;
    default:
      return base;
  }
}
