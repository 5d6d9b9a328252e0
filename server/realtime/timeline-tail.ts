import type { Position, Tail } from '../../protocol/conversation.js';
import { LIMITS } from '../../protocol/limits.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { RoomKey } from '../domain/room-key.js';
import type { RoomStorage } from '../domain/storage.js';
import { eventSize } from './measure.js';

/** Characters of one page, about: what a slow connection can take without being held for stuck. */
const PAGE_SIZE = 256 * 1024;

/**
 * Events read at once: so few that the longest strokes, which fill a page with a handful, are not
 * read by the hundred to be left out.
 */
const READ_AT_ONCE = 25;

/** One page of a room's timeline after a position, or that a snapshot is the shorter way. */
export async function timelineTail(
  storage: Pick<RoomStorage, 'head' | 'tail'>,
  room: RoomKey,
  after: Position,
): Promise<Tail> {
  const { epoch, seq, floor, redactions } = await storage.head(room);
  const behind = seq - after.seq;
  const isForgotten = after.seq < floor;
  if (epoch !== after.epoch || behind < 0 || behind > LIMITS.eventsToCatchUp || isForgotten) {
    return { reset: true, head: { epoch, seq, redactions } };
  }
  const page = await firstPage(storage, room, after.seq);
  // Something may have been added since the head was read.
  const head = { epoch, seq: Math.max(seq, page.at(-1)?.seq ?? 0), redactions };
  return { reset: false, events: page, head };
}

/** As many events after `seq` as fit on a page, one at least. */
async function firstPage(storage: Pick<RoomStorage, 'tail'>, room: RoomKey, seq: number): Promise<readonly AnyEvent[]> {
  const page: AnyEvent[] = [];
  let size = 0;
  while (page.length < LIMITS.eventsPerPage) {
    const limit = Math.min(READ_AT_ONCE, LIMITS.eventsPerPage - page.length);
    const read = await storage.tail(room, page.at(-1)?.seq ?? seq, limit);
    for (const event of read) {
      size += eventSize(event);
      if (page.length > 0 && size > PAGE_SIZE) return page;
      page.push(event);
    }
    if (read.length < limit) break;
  }
  return page;
}
