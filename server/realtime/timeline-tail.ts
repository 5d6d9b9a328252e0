import type { Position, Tail } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import type { AnyEvent, EventRegistry } from '../../protocol/timeline/events.js';
import { eventModule } from '../../protocol/timeline/evolve.js';
import type { RoomKey } from '../domain/room-key.js';
import type { RoomStorage } from '../domain/storage.js';

/**
 * About how many characters one page has: a slow connection can take it without counting as stuck.
 */
const PAGE_SIZE = 256 * 1024;

/**
 * Events per read. The longest strokes fill a page with a handful, so reading more would be wasted.
 */
const READ_AT_ONCE = 25;

/** One page of a room's timeline after a position; or `reset`, where a snapshot is shorter. */
export async function timelineTail(
  storage: Pick<RoomStorage, 'head' | 'tail'>,
  events: EventRegistry,
  room: RoomKey,
  after: Position,
): Promise<Tail> {
  const { epoch, seq, floor, redactions } = await storage.head(room);
  const behind = seq - after.seq;
  const isForgotten = after.seq < floor;
  if (epoch !== after.epoch || behind < 0 || behind > LIMITS.eventsToCatchUp || isForgotten) {
    return { reset: true, head: { epoch, seq, redactions } };
  }
  const page = await firstPage(storage, events, room, after.seq);
  // Events may have been appended since the head was read.
  const head = { epoch, seq: Math.max(seq, page.at(-1)?.seq ?? 0), redactions };
  return { reset: false, events: page, head };
}

/** As many events after `seq` as fit on a page, one at least. */
async function firstPage(
  storage: Pick<RoomStorage, 'tail'>,
  events: EventRegistry,
  room: RoomKey,
  seq: number,
): Promise<readonly AnyEvent[]> {
  const page: AnyEvent[] = [];
  let size = 0;
  while (page.length < LIMITS.eventsPerPage) {
    const limit = Math.min(READ_AT_ONCE, LIMITS.eventsPerPage - page.length);
    const read = await storage.tail(room, page.at(-1)?.seq ?? seq, limit);
    for (const event of read) {
      size += sizeOf(event, events);
      if (page.length > 0 && size > PAGE_SIZE) return page;
      page.push(event);
    }
    if (read.length < limit) break;
  }
  return page;
}

/** Characters of an event, about. */
function sizeOf(event: AnyEvent, events: EventRegistry): number {
  const header = 160;
  return header + (eventModule(event.type, events)?.size(event) ?? JSON.stringify(event).length);
}
