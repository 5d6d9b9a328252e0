import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';

import { RefusedError } from '../../protocol/errors.js';
import { newCommandId } from '../../protocol/names.js';
import type { AnyBody } from '../../protocol/timeline/commands/index.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { Role } from '../../protocol/timeline/state.js';
import type { SitePolicy } from '../../server/domain/commands/command.js';
import type { Actor } from '../../server/domain/decide.js';
import type { RoomKey } from '../../server/domain/room-key.js';
import type { Command } from '../../server/domain/room-turn.js';
import { Rooms, type RoomsOptions } from '../../server/domain/rooms.js';
import type { RoomsLimits } from '../../server/domain/rooms-limits.js';
import { DEFAULT_SITE_LIMITS } from '../../server/domain/site.js';
import type { RoomStorage, Storage } from '../../server/domain/storage.js';
import { KINDS } from '../../server/kinds.js';
import { post } from './commands.js';
import { newStorage } from './place.js';

/** A storage of the run's kind with the site `acme`; gone after the test. */
export async function storageWithAcme(t: TestContext): Promise<Storage> {
  const storage = await newStorage(t);
  const settings = {
    name: 'Acme',
    origins: [],
    guests: {},
    limits: DEFAULT_SITE_LIMITS,
    retentionDays: null,
    strokeTimes: true,
  };
  await storage.putSite({ id: 'acme', ...settings });
  return storage;
}

export function actor(name: string, role: Role = 'member'): Actor {
  return { person: { id: name.toLowerCase(), name }, role };
}

export interface Announcement {
  readonly room: RoomKey;
  readonly epoch: string;
  readonly events: readonly AnyEvent[];
}

/**
 * Rooms over a storage, with all that they announced and reported, and a clock that the test turns.
 */
export class RoomsUnderTest {
  readonly announced: Announcement[] = [];
  readonly faults: unknown[] = [];
  readonly rooms: Rooms;
  /** Server time. */
  now = 1_000;
  policy: SitePolicy = { keepsTimes: true };
  /** Called at each announcement. */
  onAnnounce: (announcement: Announcement) => void = () => undefined;

  /** @param after lets busy turns wait for company; by default none does. */
  constructor(storage: Pick<RoomStorage, 'turn'>, limits: Partial<RoomsLimits> = {}, after?: RoomsOptions['after']) {
    this.rooms = new Rooms({
      storage,
      limits,
      kinds: KINDS,
      policy: () => this.policy,
      ...(after && { after }),
      now: () => this.now,
      digest: text => createHash('sha256').update(text).digest('base64url'),
      report: fault => this.faults.push(fault),
      announce: (room, epoch, events) => {
        const announcement = { room, epoch, events };
        this.announced.push(announcement);
        this.onAnnounce(announcement);
      },
    });
  }

  /** Every event that was announced of a room. */
  timeline(room: RoomKey): readonly AnyEvent[] {
    return this.announced.filter(one => one.room === room).flatMap(({ events }) => events);
  }

  /** Submits a command; resolves with its seq. */
  give(room: RoomKey, by: Actor, body: AnyBody, id = newCommandId()): Promise<number> {
    return this.rooms.submit(room, by, { id, body });
  }

  /** Submits a command as somebody sent it. @returns its seq, or the code by which it is refused */
  async answer(room: RoomKey, { actor: by, command }: { actor: Actor; command: Command }): Promise<number | string> {
    try {
      return await this.rooms.submit(room, by, command);
    } catch (error) {
      if (error instanceof RefusedError) return error.code;
      throw error;
    }
  }

  say(room: RoomKey, by: Actor, text: string, id = newCommandId()): Promise<number> {
    return this.give(room, by, post(text), id);
  }
}

/** A storage whose turns the test holds up, counts and lets fail; all else goes through. */
export class WatchedStorage implements RoomStorage {
  readonly #storage: RoomStorage;
  /** How many rooms each turn served. */
  readonly turns: number[] = [];
  /** Awaited before each turn begins. */
  gate: Promise<void> = Promise.resolve();
  /**
   * While there is one, each turn fails with it after it was decided, and nothing of it is kept.
   */
  failure: Error | undefined;

  constructor(storage: RoomStorage) {
    this.#storage = storage;
  }

  /** Holds up turns until the returned function is called. */
  holdUp(): () => void {
    let release: () => void = () => undefined;
    this.gate = new Promise(resolve => (release = resolve));
    return release;
  }

  turn: RoomStorage['turn'] = async (requests, decide) => {
    this.turns.push(requests.length);
    await this.gate;
    await this.#storage.turn(requests, opened => {
      const appends = decide(opened);
      if (this.failure) throw this.failure;
      return appends;
    });
  };
  head: RoomStorage['head'] = room => this.#storage.head(room);
  heads: RoomStorage['heads'] = rooms => this.#storage.heads(rooms);
  snapshot: RoomStorage['snapshot'] = room => this.#storage.snapshot(room);
  tail: RoomStorage['tail'] = (...args) => this.#storage.tail(...args);
  messages: RoomStorage['messages'] = (...args) => this.#storage.messages(...args);
  readPosition: RoomStorage['readPosition'] = (...args) => this.#storage.readPosition(...args);
  setReadPosition: RoomStorage['setReadPosition'] = (...args) => this.#storage.setReadPosition(...args);
}
