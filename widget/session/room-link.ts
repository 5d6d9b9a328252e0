import type { Joined, LiveEntry, ServerToClient } from '../../protocol/conversation.js';
import { type Refusal, refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { type CommandBody, commandModule, COMMANDS } from '../../protocol/timeline/commands/index.js';
import { Attendance } from './attendance.js';
import type { Connection } from './connection.js';
import type { Aspect, Refused } from './contract.js';
import type { ConnectedRoom } from './joined-rooms.js';
import { RoomPages, type SiteAddress } from './pages-api.js';
import type { Platform } from './platform.js';
import { ReadPosition } from './read-position.js';
import { type RecordSource, RoomRecord } from './record.js';
import { asError } from './refusals.js';
import { Standing } from './standing.js';

export interface RoomLinkOptions {
  readonly address: SiteAddress;
  readonly room: string;
  readonly connection: Connection;
  readonly platform: Platform;
  readonly changed: (...aspects: readonly Aspect[]) => void;
  /** A command will not be sent any more. */
  readonly refused: (refused: Refused) => void;
}

type Fact<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>[0];

/**
 * A shorter wait in the outbox is not told, in milliseconds: the way to the server takes as long.
 */
const WAITED = 100;

/**
 * A room over its connection: hands what the server tells to what is kept (record.ts) and what is
 * live (attendance.ts).
 */
export class RoomLink implements ConnectedRoom {
  readonly room: string;
  readonly record: RoomRecord;
  readonly attendance: Attendance;
  readonly standing: Standing;
  readonly read: ReadPosition;
  /** How far this person had read when they came. */
  readOnArrival = 0;
  readonly #connection: Connection;
  readonly #changed: RoomLinkOptions['changed'];
  readonly #refused: RoomLinkOptions['refused'];

  constructor({ address, room, connection, platform, changed, refused }: RoomLinkOptions) {
    this.room = room;
    this.#connection = connection;
    this.#changed = changed;
    this.#refused = refused;
    this.standing = new Standing(connection, () => changed('status'));
    this.attendance = new Attendance({
      connection,
      platform,
      drawn: id => this.record.board.isDrawn(id),
      changed: () => changed('peers'),
    });
    this.record = new RoomRecord(
      { ...address, room },
      recordSource(address, room, connection, platform),
      {
        changed,
        boardMoved: () => this.attendance.peers.endDrawnInk() && changed('peers'),
        complete: () => this.standing.completed(),
        stopped: reason => this.refused(reason),
        refused: (body, reason) => this.#commandRefused(body, reason),
      },
      platform,
    );
    this.read = new ReadPosition(seq => connection.order('read', { room, seq }), platform);
    connection.attach(this);
  }

  get handle(): number | undefined {
    return this.attendance.handle;
  }

  /**
   * Leaves the room. @returns when that is told where something had to be; undefined where nothing
   * had
   */
  close(): Promise<void> | undefined {
    this.standing.close();
    this.lost();
    this.record.close();
    const told = this.read.stop();
    this.#connection.detach(this);
    return told;
  }

  joined(joined: Joined): void {
    if (!this.standing.arrived) this.readOnArrival = joined.read;
    this.standing.joined();
    this.record.resume(joined.head, joined.you.person);
    this.attendance.begin(joined);
    this.read.restart(joined.read);
    this.#changed('messages');
  }

  refused(reason: Refusal): void {
    this.standing.refused(reason);
    this.lost();
  }

  lost(): void {
    this.standing.lost();
    this.record.pause();
    this.attendance.end();
  }

  statusChanged(): void {
    this.#changed('status');
  }

  events({ epoch, events }: Fact<'events'>): void {
    this.record.receive(epoch, events);
  }

  presence({ came, left, count }: Fact<'presence'>): void {
    this.attendance.presence(came, left, count);
  }

  roleChanged({ role }: Fact<'role'>): void {
    if (role === null) {
      this.refused(refusal('room_forbidden'));
      return;
    }
    this.attendance.role = role;
    this.#changed('status');
  }

  frame(pairs: readonly (number | LiveEntry)[]): void {
    this.attendance.frame(pairs);
  }

  #commandRefused(body: CommandBody, reason: Refusal): void {
    const { type } = body;
    if (commandModule(type)?.finishes?.(body) !== undefined) this.attendance.live.inkRefused();
    this.#refused({ target: COMMANDS[type].target, command: type, refusal: reason });
  }
}

/**
 * What a room's record needs of the server: the small by the connection, the large by HTTP with the
 * connection's token.
 */
function recordSource(address: SiteAddress, room: string, connection: Connection, platform: Platform): RecordSource {
  const pages = new RoomPages(address, room, () => connection.token, platform);
  return {
    snapshot: () => pages.snapshot(),
    history: before => pages.history(before),
    command({ id, body, createdAt }) {
      const waited = Math.min(LIMITS.waited, Math.round(platform.now() - createdAt));
      return connection.order('command', { room, id, body, ...(waited >= WAITED && { waited }) });
    },
    async catchup(after) {
      const answer = await connection.order('catchup', { room, after });
      if (!answer.ok) throw asError(answer.error);
      return answer;
    },
  };
}
