import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { newCommandId } from '../../../../protocol/names.js';
import type { Effect } from '../../../../protocol/timeline/effects.js';
import type { AnyEvent, AnyPayload } from '../../../../protocol/timeline/events.js';
import { evolve } from '../../../../protocol/timeline/evolve.js';
import { emptyState, fromSnapshot, type HeldState, type Person } from '../../../../protocol/timeline/state.js';
import type { RoomKey } from '../../../../server/domain/room-key.js';
import { newSite, type Site } from '../../../../server/domain/site.js';
import type {
  AcceptedCommand,
  AppendedEvent,
  OpenedRoom,
  RoomStorage,
  Storage,
  TurnRequest,
} from '../../../../server/domain/storage.js';
import { drawn, entered, posted } from '../../../support/commands.js';
import { roomKey } from '../../../support/room-key.js';
import { stroke } from '../../../support/strokes.js';

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
  return { ...newSite(id), ...settings };
}

/** What a turn asks for that needs nothing. */
export const NOTHING: Omit<TurnRequest, 'room'> = {
  after: undefined,
  commands: [],
  undos: [],
  shapes: [],
  messages: [],
};

/** Opens one room for a turn that appends nothing. */
export async function look(
  storage: RoomStorage,
  room: RoomKey,
  asked: Partial<Omit<TurnRequest, 'room'>> = {},
): Promise<OpenedRoom> {
  let seen: OpenedRoom | undefined;
  await storage.turn([{ room, ...NOTHING, ...asked }], ([opened]) => {
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
  readonly waited?: number;
  /** What the events change; default what `evolve` says. */
  readonly effects?: readonly Effect[];
}

/**
 * Appends payloads as one command's events at the timeline's end, and what was accepted with them.
 */
export async function keep(
  storage: RoomStorage,
  room: RoomKey,
  payloads: readonly AnyPayload[],
  options: KeepOptions = {},
): Promise<{ readonly events: readonly AnyEvent[]; readonly accepted: AcceptedCommand }> {
  const { by = 1, person = ANN.id, command = newCommandId(), digest = 'digest', undoable = true, waited } = options;
  const { epoch, seq } = await storage.head(room);
  const state = payloads.every(({ type }) => NEEDS_NOTHING.has(type))
    ? { ...emptyState(epoch), seq }
    : await wholeState(storage, room);
  const events = payloads.map((payload, index): AnyEvent => {
    const header = { seq: seq + index + 1, prev: seq + index, at: 1_000 + seq + index, by, command };
    return { ...header, ...(waited !== undefined && { waited }), ...payload };
  });
  const appended = events.map((event): AppendedEvent => {
    const effects = evolve(state, event);
    return { event, effects: options.effects ?? effects };
  });
  const accepted = { person, id: command, digest, seq: seq + events.length, undoable };
  await storage.turn([{ room, ...NOTHING }], () => [{ room, events: appended, accepted: [accepted] }]);
  return { events, accepted };
}

/**
 * An event that says something, at a place in a timeline, with its effects on a state; by default,
 * on an empty one.
 */
export function appended(payload: AnyPayload, header: Omit<AnyEvent, 'type'>, state = emptyState('')): AppendedEvent {
  const event = { ...header, ...payload };
  return { event, effects: evolve(state, event) };
}

/** What comes of these needs nothing of what was before. */
const NEEDS_NOTHING = new Set([entered(ANN), posted(''), drawn(stroke())].map(({ type }): string => type));

/** The state with its hidden shapes, as far as the log goes back. */
async function wholeState(storage: RoomStorage, room: RoomKey): Promise<HeldState> {
  const snapshot = await storage.snapshot(room);
  const state = fromSnapshot({ ...snapshot, people: [], messages: [], shapes: [] });
  for (const event of await storage.tail(room, 0, 1_000_000)) evolve(state, event);
  for (const shape of fromSnapshot(snapshot).shapes.values()) {
    if (!state.shapes.has(shape.id)) state.shapes.set(shape.id, shape);
  }
  return state;
}

/** Other rooms, of another site than what is worked on. */
const OTHERS = Array.from({ length: 20 }, (_, number) => roomKey('zeta', `other-${number}`));

/**
 * Does long work, and holds the storage to it that turns of other rooms are kept meanwhile: where
 * they waited for the end of the work, none would be. Of many one is enough, since nobody decides
 * which comes when.
 */
export async function whileTurnsGoOn(storage: RoomStorage, work: () => Promise<void>): Promise<void> {
  const say = () => OTHERS.map(room => keep(storage, room, [posted('meanwhile')]));
  await Promise.all(say());
  const done = work();
  const kept = say();
  const first = await Promise.race([done.then(() => 'the work'), ...kept.map(turn => turn.then(() => 'a turn'))]);
  assert.equal(first, 'a turn');
  await Promise.all([done, ...kept]);
}
