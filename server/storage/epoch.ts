import { createHmac, randomBytes } from 'node:crypto';

import type { RoomKey } from '../domain/room-key.js';

/** Characters of an epoch. */
const EPOCH_LENGTH = 16;

/**
 * The epoch of a room that has no row yet, and keeps it from its first append on. It is derived
 * from the database's seed, the site's nonce and the room's key: so it is stable over restarts, and
 * changes with a restore and when the site is removed and added again.
 *
 * @param nonce of the site; undefined where there is no such site
 */
export function epochOf(seed: Uint8Array, nonce: Uint8Array | undefined, room: RoomKey): string {
  const hash = createHmac('sha256', seed).update(nonce ?? new Uint8Array());
  return hash.update('/').update(room).digest('base64url').slice(0, EPOCH_LENGTH);
}

/**
 * A random epoch, which no room has had: for a room whose timeline is no longer the one that
 * clients know.
 */
export function newEpoch(): string {
  return randomBytes(EPOCH_LENGTH / 2).toString('hex');
}
