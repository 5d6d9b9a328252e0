import { RefusedError } from '../../protocol/errors.js';
import { ROOM_NAME, SITE_ID } from '../../protocol/names.js';
import type { RoomOptions, TokenReason } from '../session/index.js';
import { GuestPass } from './guest-pass.js';
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
  | { readonly kind: 'ask-name'; readonly pass: GuestPass }
  | { readonly kind: 'missing'; readonly message: string };

/**
 * Finds the way in. Two entrances of equal `key`s lead to the same room as the same person.
 *
 * @param present the wishes at the time of asking: a token attribute may be a newer one by then
 * @param failed is told why a token could not be had, where it will be tried again
 */
export function findEntrance(wishes: Wishes, present: () => Wishes, failed: (message: string) => void): Entrance {
  const missing = whatIsMissing(wishes);
  if (missing !== undefined) return { kind: 'missing', message: missing };
  const { site, room, token, tokenUrl, getToken } = wishes;
  const server = new URL(wishes.server, document.baseURI).origin;
  const open = (identity: unknown, give: (reason: TokenReason) => Promise<string>): Entrance => {
    const options: RoomOptions = { server, site, room, identity, getToken: reason => reporting(give(reason), failed) };
    return { kind: 'open', key: [server, site, room, identity], options };
  };

  if (getToken) return open(getToken, async reason => asToken(await getToken({ site, room, reason })));
  if (tokenUrl) {
    const url = new URL(tokenUrl, document.baseURI).href;
    return open(url, () => askTokenUrl(url, { site, room }));
  }
  if (token) return open(`token ${grantOf(token)}`, async () => asToken(present().token));
  const pass = new GuestPass(server, site);
  const name = wishes.name.trim() || pass.name;
  if (name === undefined) return { kind: 'ask-name', pass };
  return open(`guest ${name}`, () => pass.token(name, room));
}

function whatIsMissing({ site, room, server, tokenUrl }: Wishes): string | undefined {
  if (!site) return 'Set the attribute `site` to the id of your site.';
  if (!SITE_ID.test(site)) return `\`site="${site}"\` is no site id: lower-case letters, digits and "-".`;
  if (!room) return 'Set the attribute `room` to the name of a room.';
  if (!ROOM_NAME.test(room)) return `\`room="${room}"\` is no room name: it must match ${ROOM_NAME.source}.`;
  if (!URL.canParse(server, document.baseURI)) return `\`server="${server}"\` is no address.`;
  if (tokenUrl && !URL.canParse(tokenUrl, document.baseURI)) return `\`token-url="${tokenUrl}"\` is no address.`;
  return undefined;
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
 * Whom a token names and what it grants, unverified, as a text to compare: one that differs only in its times is no reason to leave
 * the room.
 */
function grantOf(token: string): string {
  try {
    const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return JSON.stringify(claims, (key, value: unknown) => (/^(?:iat|nbf|exp|jti)$/.test(key) ? undefined : value));
  } catch {
    return token;
  }
}
