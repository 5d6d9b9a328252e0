import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { newCommandId } from '../../../protocol/names.js';
import type { TimelineEvent } from '../../../protocol/timeline/events.js';
import { DEFAULT_SITE_LIMITS } from '../../../server/domain/site.js';
import type { AcceptedCommand, Append, RoomStorage, TurnRequest } from '../../../server/domain/storage.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { roomKey } from '../../support/room-key.js';
import { SITE, textOf } from '../load/dialect.js';
import { withPeer } from './rounds.js';

const ROOMS = 1_000;
/** Milliseconds that are counted. */
const MEASURED = 4_000;

/** Where rooms stand, by number: what the domain would hold in memory. */
type Heads = { epoch: string; seq: number }[];

/**
 * Messages a second that the storage port keeps, each in its room's log, among its messages, and with its command's id, in turns of so many
 * rooms: one message to a room.
 */
export async function measurePort(perTurn: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-bench-'));
  const storage = await openSqlite({ file: join(folder, 'chalk-talk.db'), secretKey: randomBytes(32).toString('hex') });
  try {
    const limits = DEFAULT_SITE_LIMITS;
    await storage.putSite({ id: SITE, name: SITE, origins: [], guests: {}, limits, retentionDays: null });
    const heads: Heads = [];
    for (let first = 0; first < ROOMS; first += perTurn) await turn(storage, heads, first, perTurn);
    const start = performance.now();
    let kept = 0;
    for (let first = 0; performance.now() - start < MEASURED; first = (first + perTurn) % ROOMS) {
      await turn(storage, heads, first, perTurn);
      kept += perTurn;
    }
    return (kept * 1_000) / (performance.now() - start);
  } finally {
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function turn(storage: RoomStorage, heads: Heads, first: number, size: number): Promise<void> {
  const numbers = Array.from({ length: size }, (_, index) => (first + index) % ROOMS);
  const asked = numbers.map((number): { number: number; id: string; request: TurnRequest } => {
    const id = newCommandId();
    const commands = [{ person: 'ann', id }];
    const room = roomKey(SITE, `room-${String(number)}`);
    return { number, id, request: { room, after: heads[number], commands, undos: [], shapes: [] } };
  });
  await storage.turn(
    asked.map(({ request }) => request),
    opened =>
      opened.map(({ state }, index): Append => {
        const { number, id, request } = asked[index] ?? { number: 0, id: '', request: undefined };
        const head = state ? { epoch: state.epoch, seq: state.seq } : (heads[number] ?? { epoch: '', seq: 0 });
        const { room } = request ?? { room: roomKey(SITE, '') };
        const at = Date.now();
        const common = { at, by: 1, command: id };
        const events: TimelineEvent[] = [];
        const next = () => ({ seq: head.seq + events.length + 1, prev: head.seq + events.length, ...common });
        if (state) events.push({ ...next(), type: 'person.entered', person: { id: 'ann', name: 'Ann' } });
        events.push({ ...next(), type: 'message.posted', text: textOf(index) });
        const seq = head.seq + events.length;
        heads[number] = { epoch: head.epoch, seq };
        const accepted: AcceptedCommand = { person: 'ann', id, digest: DIGEST, seq, undoable: false };
        return { room, events, accepted: [accepted] };
      }),
  );
}

const DIGEST = randomBytes(32).toString('base64url');

export interface EndToEnd {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of one core. */
  readonly serverShare: number;
  readonly loadShare: number;
}

/** Messages a second from sockets to sockets: 1,000 rooms of one person, each with `window` messages under way. */
export function measureEndToEnd(window: number): Promise<EndToEnd> {
  return withPeer('chalk-talk', {}, async (peer, load) => {
    const { dialect, port } = peer;
    await load.ask('gather', { dialect, port, members: await peer.members(ROOMS, 1) });
    await load.ask('saturate', window);
    await wait(MEASURED / 2);
    await load.ask('mark');
    const before = await peer.cpu();
    const start = performance.now();
    await wait(MEASURED);
    const report = await load.ask('read');
    const seconds = (performance.now() - start) / 1_000;
    const after = await peer.cpu();
    await load.ask('stop');
    const { count, p50, p99 } = report.acknowledgement;
    return {
      perSecond: (count - report.refused) / seconds,
      p50,
      p99,
      serverShare: (after - before) / 1_000_000 / seconds,
      loadShare: report.cpu / 1_000_000 / seconds,
    };
  });
}
