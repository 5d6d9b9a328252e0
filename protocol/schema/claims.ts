/** The claims of a person's token, as a site's own server signs them. */
import { type Static, Type } from '@sinclair/typebox';

import { LIMITS } from '../limits.js';
import { PERSON_ID, ROOM_PATTERN } from '../names.js';

export const AUDIENCE = 'chalk-talk';

export const RoleSchema = Type.Union([Type.Literal('viewer'), Type.Literal('member'), Type.Literal('moderator')]);

export const RoomGrantsSchema = Type.Record(Type.String({ pattern: ROOM_PATTERN.source }), RoleSchema, {
  additionalProperties: false,
});

/** Other claims are allowed and ignored. */
export const ClaimsSchema = Type.Object({
  iss: Type.String(),
  sub: Type.String({ pattern: PERSON_ID.source }),
  name: Type.String({ minLength: 1, maxLength: LIMITS.personName }),
  rooms: RoomGrantsSchema,
  iat: Type.Integer({ minimum: 0 }),
  exp: Type.Integer({ minimum: 0 }),
  jti: Type.Optional(Type.String({ maxLength: 128 })),
});
export type Claims = Static<typeof ClaimsSchema>;

/** Which rooms, in which role: exact names and patterns that end in one `*`. */
export type RoomGrants = Static<typeof RoomGrantsSchema>;
