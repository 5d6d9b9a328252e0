import { createHmac, randomBytes } from 'node:crypto';

import type { RoomKey } from '../domain/room-key.js';

/** Characters of an epoch. */
const EPOCH_LENGTH = 16;

/**
 * The epoch that a room without a row has, and will have from its first append on: derived from the
 * seed of the database, what the room's site was made with, and the room's key. So it stays from
 * call to call and from start to start, and is another one after a restore, and after the site was
 * removed and made again.
 *
 * @param nonce of the site; undefined where there is no such site
 */
export function epochOf(seed: Uint8Array, nonce: Uint8Array | undefined, room: RoomKey): string {
  const hash = createHmac('sha256', seed).update(nonce ?? new Uint8Array());
  return hash.update('/').update(room).digest('base64url').slice(0, EPOCH_LENGTH);
}

/**
 * An epoch by chance, which no room has had: for a room whose timeline is no longer the one that
 * people know.
 */
export function newEpoch(): string {
  return randomBytes(EPOCH_LENGTH / 2).toString('hex');
}
