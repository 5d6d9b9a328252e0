import type { TestContext } from 'node:test';

import { newCommandId } from '../../../../protocol/names.js';
import type { Happening, TimelineEvent } from '../../../../protocol/timeline/events.js';
import type { Person } from '../../../../protocol/timeline/state.js';
import type { RoomKey } from '../../../../server/domain/room-key.js';
import { DEFAULT_SITE_LIMITS, type Site } from '../../../../server/domain/site.js';
import type {
  AcceptedCommand,
  OpenedRoom,
  RoomStorage,
  Storage,
  TurnRequest,
} from '../../../../server/domain/storage.js';

/** Where a storage keeps its things: opened, closed and opened again it is the same storage. */
export interface Home {
  /** Opens the storage; what a test leaves open is closed after it. */
  open(): Promise<Storage>;
}

export type NewHome = (t: TestContext) => Promise<Home>;

export const ANN: Person = { id: 'ann', name: 'Ann' };
export const BEN: Person = { id: 'guest:ben', name: 'Ben', guest: true };

/** A site without settings of its own. */
export function site(id: string, settings: Partial<Omit<Site, 'id'>> = {}): Site {
  return { id, name: id, origins: [], guests: {}, limits: DEFAULT_SITE_LIMITS, retentionDays: null, ...settings };
}

/** Opens one room for a turn that appends nothing. */
export async function look(
  storage: RoomStorage,
  room: RoomKey,
  asked: Partial<Omit<TurnRequest, 'room'>> = {},
): Promise<OpenedRoom> {
  let seen: OpenedRoom | undefined;
  const request: TurnRequest = { room, after: undefined, commands: [], undos: [], shapes: [], ...asked };
  await storage.turn([request], ([opened]) => {
    seen = opened;
    return [];
  });
  if (!seen) throw new Error('The room was not opened.');
  return seen;
}

export interface KeepOptions {
  readonly by?: number;
  readonly person?: string;
  readonly command?: string;
  readonly digest?: string;
  readonly undoable?: boolean;
}

/** Appends happenings as one command's events at the timeline's end, and what was accepted with them. */
export async function keep(
  storage: RoomStorage,
  room: RoomKey,
  happenings: readonly Happening[],
  { by = 1, person = ANN.id, command = newCommandId(), digest = 'digest', undoable = true }: KeepOptions = {},
): Promise<{ readonly events: readonly TimelineEvent[]; readonly accepted: AcceptedCommand }> {
  const { seq } = await storage.head(room);
  const events = happenings.map((happening, index) => {
    return { seq: seq + index + 1, prev: seq + index, at: 1_000 + seq + index, by, command, ...happening };
  });
  const accepted = { person, id: command, digest, seq: seq + events.length, undoable };
  await storage.turn([{ room, after: undefined, commands: [], undos: [], shapes: [] }], () => [
    { room, events, accepted: [accepted] },
  ]);
  return { events, accepted };
}
