/**
 * What the server's answer to a request with the page's token says: is it good, and does it lead
 * into this room?
 */
import type { Refusal } from '../../../protocol/errors.js';
import type { Heard, RoomAddress } from './ask-server.js';
import { bad, type Check, good, skipped } from './report.js';
import { duration, serverFault } from './server-checks.js';
import type { TokenOutline } from './token-outline.js';
import type { TokenSource } from './token-source.js';

/** A token, as far as it may be told. */
export interface ObtainedToken {
  readonly outline: TokenOutline;
  readonly source: TokenSource;
}

/**
 * Whether the token is good, and the way into the room open with it.
 *
 * @param serverNow the time by the server's clock, in ms since 1970
 */
export function checkToken(
  { server, site, room }: RoomAddress,
  { outline, source }: ObtainedToken,
  heard: Heard,
  serverNow: number,
): readonly Check[] {
  if (heard.kind === 'answer') {
    const { role, expires = serverNow } = heard.answer;
    const left = duration(expires - serverNow);
    if (role === undefined) return [accepted(left), forbidden(room, outline)];
    return [accepted(left), good('room', `The token allows this room, as ${role}.`)];
  }
  if (heard.kind !== 'refused') {
    const what =
      'The server answers, but not with a token: a proxy before it must pass on OPTIONS requests and the header Authorization.';
    return [bad('token', 'foreign_answer', what)];
  }
  const { refusal } = heard;
  if (refusal.code === 'room_forbidden')
    return [good('token', 'The server accepts the token.'), forbidden(room, outline)];
  const fault = serverFault(refusal, server.origin);
  if (fault) return [{ ...fault, name: 'token' }];
  const message = `The server refuses the token that \`${source}\` gives: ${refusal.message} ${particulars(refusal, outline, site, serverNow)}`;
  return [bad('token', 'token_refused', `${message} (${refusal.code})`)];
}

/** Where the page names no token, the visitor is a guest. */
export function checkGuest({ site, room }: RoomAddress, admitted: boolean): readonly Check[] {
  const token = skipped('token', 'The page names no token: the visitor is a guest.');
  if (admitted) return [token, good('room', `The site "${site}" admits guests to the room "${room}".`)];
  const advice = `Set \`token-url\`, \`getToken\` or \`token\`; or list the room among the guest rules of the site "${site}".`;
  return [token, bad('room', 'guests_not_allowed', `Guests are not admitted to the room "${room}". ${advice}`)];
}

/** What is no JWT need not be sent. */
export function noToken(source: TokenSource): Check {
  const message = `What \`${source}\` gives is no token: a JWT has three parts with dots between.`;
  return bad('token', 'token_refused', `${message} ${SIGNING}`);
}

const SIGNING = 'See "Tokens" in the README for what to sign and how.';

function accepted(left: string): Check {
  return good('token', `The server accepts the token; it ends in ${left}.`);
}

function forbidden(room: string, { rooms }: TokenOutline): Check {
  const named = rooms.length > 0 ? `names ${rooms.slice(0, 10).map(quoted).join(', ')}` : 'names no room';
  const message = `The token ${named}, and so does not allow "${room}". Add it to the claim \`rooms\`, by name or by a pattern.`;
  return bad('room', 'room_forbidden', message);
}

/** What the token itself shows about why it is refused. */
function particulars({ code }: Refusal, outline: TokenOutline, site: string, serverNow: number): string {
  const { kid, alg, iss, aud, begins = serverNow, ends = serverNow } = outline;
  switch (code) {
    case 'token_expired':
      return `It ended ${duration(serverNow - ends)} ago by the server's clock. Sign one anew for each page, or use \`token-url\`; else the clock of the server that signs it is wrong.`;
    case 'token_not_yet_valid':
      return `It begins in ${duration(begins - serverNow)} by the server's clock: the clock of the server that signs it is ahead.`;
    case 'token_wrong_site':
      return `Its \`iss\` is ${quoted(iss)}, the page says site="${site}".`;
    case 'token_wrong_audience':
      return `Its \`aud\` is ${quoted(aud)}.`;
    case 'token_invalid':
      return `It names the key ${quoted(kid)}, the algorithm ${quoted(alg)} and the site ${quoted(iss)}. ${SIGNING}`;
    default:
      return SIGNING;
  }
}

function quoted(claim: unknown): string {
  return claim === undefined ? 'missing' : JSON.stringify(claim).slice(0, 80);
}
