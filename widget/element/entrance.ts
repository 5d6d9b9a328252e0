import { RefusedError } from '../../protocol/errors.js';
import { ROOM_NAME, SITE_ID } from '../../protocol/names.js';
import type { RoomOptions, TokenReason } from '../session/index.js';
import { guestName, keepGuestName } from './guest-name.js';
import { askTokenUrl } from './token-url.js';

/** What a page's `getToken` is asked for. */
export interface TokenWish {
  readonly site: string;
  readonly room: string;
  readonly reason: TokenReason;
}

export type GetToken = (wish: TokenWish) => Promise<string> | string;

/** What the page says about how to get in, as its attributes stand. */
export interface Wishes {
  readonly server: string;
  readonly site: string;
  readonly room: string;
  readonly token: string;
  readonly tokenUrl: string;
  readonly getToken: GetToken | undefined;
  /** A guest's name, as the page says it. */
  readonly name: string;
}

/** A way in; a guest who has to say their name first; or what the page's author must mend. */
export type Entrance =
  | { readonly kind: 'open'; readonly key: readonly unknown[]; readonly options: RoomOptions }
  | { readonly kind: 'ask-name'; readonly remember: (name: string) => void }
  | { readonly kind: 'missing' };

/**
 * Finds the way in. Two entrances of equal `key`s lead to the same room as the same person.
 *
 * @param present the wishes at the time of asking: a token attribute may be a newer one by then
 * @param failed is told why a token could not be had, where it will be tried again
 */
export function findEntrance(wishes: Wishes, present: () => Wishes, failed: (message: string) => void): Entrance {
  const { site, room, token, tokenUrl, getToken } = wishes;
  const server = resolve(wishes.server);
  const url = resolve(tokenUrl);
  if (!SITE_ID.test(site) || !ROOM_NAME.test(room) || !server || !url) return { kind: 'missing' };
  const open = (identity: unknown, give: (reason: TokenReason) => Promise<string>): Entrance => {
    const options: RoomOptions = {
      server: server.origin,
      site,
      room,
      identity,
      getToken: reason => reporting(give(reason), failed),
    };
    return { kind: 'open', key: [server.origin, site, room, identity], options };
  };

  if (getToken) return open(getToken, async reason => asToken(await getToken({ site, room, reason })));
  if (tokenUrl) return open(url.href, () => askTokenUrl(url.href, { site, room }));
  if (token) return open(`token ${grantOf(token)}`, async () => asToken(present().token));
  const guest = { server: server.origin, site };
  const name = wishes.name.trim() || guestName(guest);
  if (name === undefined) return { kind: 'ask-name', remember: said => keepGuestName(guest, said) };
  let previous: string | undefined;
  return open(`guest ${name}`, async () => {
    const { passToken } = await import('./guest-pass.js');
    return (previous = await passToken(guest, { name, room, previous }));
  });
}

/** An address as the page writes it; undefined where it is none. */
function resolve(address: string): URL | undefined {
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : undefined;
}

async function reporting(token: Promise<string>, failed: (message: string) => void): Promise<string> {
  try {
    return await token;
  } catch (error) {
    if (!(error instanceof RefusedError)) failed(`No token could be had: ${String(error)} It will be tried again.`);
    throw error;
  }
}

function asToken(token: unknown): string {
  if (typeof token === 'string' && token !== '') return token;
  throw new RefusedError('token_missing');
}

/**
 * Whom a token names and what it grants, unverified, as a text to compare: one that differs only in
 * its times is no reason to leave the room.
 */
function grantOf(token: string): string {
  try {
    const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return JSON.stringify(claims, (key, value: unknown) => (/^(?:iat|nbf|exp|jti)$/.test(key) ? undefined : value));
  } catch {
    return token;
  }
}
