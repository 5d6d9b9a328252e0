import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import { newCommandId } from '../../../protocol/names.js';
import type { AnyEvent, EventPayload } from '../../../protocol/timeline/events.js';
import { effectsOf } from '../../../protocol/timeline/evolve.js';
import { emptyState } from '../../../protocol/timeline/state.js';
import { newSite } from '../../../server/domain/site.js';
import type {
  AcceptedCommand,
  Append,
  AppendedEvent,
  RoomStorage,
  SiteStorage,
  TurnRequest,
} from '../../../server/domain/storage.js';
import { roomKey } from '../../support/room-key.js';
import { SITE, textOf } from '../load/dialect.js';
import { entered, posted } from '../../support/commands.js';
import { withPeer } from './rounds.js';

const ROOMS = 1_000;
/** Milliseconds that are counted. */
const MEASURED = 4_000;

/** Where rooms stand, by number: what the domain would hold in memory. */
type Heads = { epoch: string; seq: number }[];

/** How the rooms are brought to the storage port. */
export interface Turns {
  /** Rooms of a turn, with one message each. */
  readonly perTurn: number;
  /** Turns at once, each among rooms of its own. */
  readonly lanes: number;
}

/**
 * Messages a second that the storage port keeps over 1,000 rooms, each in its room's log, among its
 * messages, and with its command's id.
 *
 * @param measured milliseconds that are counted
 */
export async function measurePort(
  storage: RoomStorage & Pick<SiteStorage, 'putSite'>,
  { perTurn, lanes }: Turns,
  measured = MEASURED,
): Promise<number> {
  await storage.putSite(newSite(SITE));
  const heads: Heads = [];
  const rooms = ROOMS / lanes;
  const each = Array.from({ length: lanes }, (_, lane) => {
    const numbers = (first: number) =>
      Array.from({ length: perTurn }, (__, index) => lane * rooms + ((first + index) % rooms));
    return { enter: () => round(numbers), go: (until: number) => goOn(numbers, until) };
  });
  async function round(numbers: (first: number) => readonly number[]): Promise<void> {
    for (let first = 0; first < rooms; first += perTurn) await turn(storage, heads, numbers(first));
  }
  async function goOn(numbers: (first: number) => readonly number[], until: number): Promise<number> {
    let kept = 0;
    for (; performance.now() < until; kept += perTurn) await turn(storage, heads, numbers(kept));
    return kept;
  }
  await Promise.all(each.map(({ enter }) => enter()));
  const start = performance.now();
  const kept = await Promise.all(each.map(({ go }) => go(start + measured)));
  return (kept.reduce((sum, count) => sum + count, 0) * 1_000) / (performance.now() - start);
}

async function turn(storage: RoomStorage, heads: Heads, numbers: readonly number[]): Promise<void> {
  const asked = numbers.map((number): { number: number; id: string; request: TurnRequest } => {
    const id = newCommandId();
    const commands = [{ person: 'ann', id }];
    const room = roomKey(SITE, `room-${String(number)}`);
    return { number, id, request: { room, after: heads[number], commands, undos: [], shapes: [], messages: [] } };
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
        const events: AppendedEvent[] = [];
        const next = () => ({ seq: head.seq + events.length + 1, prev: head.seq + events.length, ...common });
        const append = (payload: EventPayload) => {
          const event: AnyEvent = { ...next(), ...payload };
          events.push({ event, effects: effectsOf(NOBODY, event) });
        };
        if (state) append(entered({ id: 'ann', name: 'Ann' }));
        append(posted(textOf(index)));
        const seq = head.seq + events.length;
        heads[number] = { epoch: head.epoch, seq };
        const accepted: AcceptedCommand = { person: 'ann', id, digest: DIGEST, seq, undoable: false };
        return { room, events, accepted: [accepted] };
      }),
  );
}

/** What is appended changes the same whatever the state is. */
const NOBODY = emptyState('');

const DIGEST = randomBytes(32).toString('base64url');

export interface EndToEnd {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of one core. */
  readonly serverShare: number;
  readonly loadShare: number;
}

/**
 * Messages a second from sockets to sockets: 1,000 rooms of one person, each with `window` messages
 * under way.
 */
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
