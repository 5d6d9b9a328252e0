/** The form of what is sent to the HTTP API for pages, and of what it answers. */
import { type Static, Type } from '@sinclair/typebox';

import { LIMITS } from '../limits.js';
import type { Message, Person, Role } from '../timeline/state.js';
import { exactly, RoomName, Seq, Token } from './fields.js';

/** POST /v1/sites/:site/guests */
export const GuestRequestSchema = exactly({
  name: Type.String({ minLength: 1, maxLength: LIMITS.personName }),
  /** The room that the guest wants into. */
  room: RoomName,
  /** The guest's last token, ended or not: keeps the same person over a reload and a renewal. */
  previous: Type.Optional(Token),
});
export type GuestRequest = Static<typeof GuestRequestSchema>;

export interface GuestAnswer {
  readonly token: string;
}

/** GET /v1/sites/:site/rooms/:room/messages?before=SEQ */
export const HistoryQuerySchema = exactly({ before: Seq });

/** A page of older messages, oldest first. */
export interface HistoryPage {
  readonly people: readonly (readonly [index: number, person: Person])[];
  readonly messages: readonly Message[];
  readonly more: boolean;
}

/**
 * GET /v1/sites/:site/check?protocol=N&room=ROOM with an optional bearer token: what `diagnose()`
 * asks. It answers whether or not the site, the origin, the protocol and the token are good: a
 * refusal says what is not, in the order in which a connection would meet it.
 */
export interface CheckAnswer {
  /** The server's version and clock (ms since 1970). */
  readonly version: string;
  readonly now: number;
  /** Whether the site admits guests to the room. */
  readonly guests: boolean;
  /**
   * Where a token was sent and is good: whom it names, what it allows in the room, and until when
   * (ms since 1970).
   */
  readonly person?: Person;
  readonly role?: Role;
  readonly expires?: number;
}
