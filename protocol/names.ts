/**
 * How things are named. Every pattern is anchored, ASCII only and bounded, so that two different
 * names can never look like the same key and no name can carry a separator, a path or a control
 * character.
 */

/** A site's id, as the page author writes it in the `site` attribute. */
export const SITE_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** A room's name. People read the room's title instead. */
export const ROOM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * A room name, or the beginning of one followed by a single `*`, as tokens and guest rules list
 * them.
 */
export const ROOM_PATTERN = /^(?:[a-z0-9][a-z0-9._-]{0,63}|(?:[a-z0-9][a-z0-9._-]{0,62})?\*)$/;

/** A person's id: the `sub` of their token. Visible ASCII without spaces. */
export const PERSON_ID = /^[\x21-\x7e]{1,128}$/;

/** What a guest's `sub` begins with. No customer's token may use it. */
export const GUEST_PREFIX = 'guest:';

/** A signing key's id (`kid`). */
export const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A command's id, made by the client: 16 random base64url characters (96 bits). */
export const COMMAND_ID = /^[A-Za-z0-9_-]{16}$/;

/**
 * A shape's id, made by the client at pen-down: 8 random base64url characters (48 bits), unique
 * within its room.
 */
export const SHAPE_ID = /^[A-Za-z0-9_-]{8}$/;

// The one thing that the platform gives, in browsers and Node alike; declared here so that no other
// global can slip in.
declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array };

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * A random base64url string of `length` characters, six bits each, from the platform's secure
 * generator.
 */
export function randomId(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  let id = '';
  for (const byte of bytes) id += BASE64URL.charAt(byte & 63);
  return id;
}

export const newCommandId = (): string => randomId(16);
export const newShapeId = (): string => randomId(8);
