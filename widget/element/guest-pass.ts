/** Tokens of guests, loaded when someone comes as a guest. */
import { keep, recall } from '../keep.js';
import { guestToken } from '../session/index.js';
import { guestKey, type GuestSite } from './guest-name.js';

/** What a guest says of themselves. */
export interface GuestWish {
  readonly name: string;
  readonly room: string;
  /** Their last token, where it is at hand. */
  readonly previous: string | undefined;
}

/**
 * A token for a guest. The last one is shown with the request, which makes them the same person
 * over reloads and renewals; the browser keeps it, where it may.
 *
 * @throws RefusedError with the server's reason
 */
export async function passToken(guest: GuestSite, { name, room, previous }: GuestWish): Promise<string> {
  const key = guestKey(guest, 'token');
  const last = previous ?? recall('localStorage', key);
  const token = await guestToken({ ...guest, name, room, ...(last !== undefined && { previous: last }) });
  keep('localStorage', key, token);
  return token;
}
