/** Where the page's token comes from, and whether one can be had. */
import { RefusedError } from '../../../protocol/errors.js';
import type { Entrance, Wishes } from '../entrance.js';
import { bad, type Check } from './report.js';
import { type Circumstances, stoppedHere } from './unreached.js';

/** How the page says who its visitor is, in the order in which the ways go before one another. */
export type TokenSource = 'getToken' | 'token-url' | 'token' | 'guest';

/** How long the page's own function may take, in ms: a little more than `token-url` may. */
const PATIENCE = 20_000;

export function sourceOf({ getToken, tokenUrl, token }: Wishes): TokenSource {
  return getToken ? 'getToken' : tokenUrl ? 'token-url' : token ? 'token' : 'guest';
}

/** A token as the widget would get it; where there is none, why. */
export async function obtainToken(
  wishes: Wishes,
  { options }: Extract<Entrance, { kind: 'open' }>,
  around: Circumstances,
): Promise<string | Check> {
  const source = sourceOf(wishes);
  try {
    return await soon(options.getToken('connect'), around);
  } catch (error) {
    if (source === 'token-url') return await unavailable(new URL(wishes.tokenUrl, document.baseURI), error, around);
    const what =
      error instanceof RefusedError && error.code === 'token_missing' ? 'gave no token' : `failed: ${said(error)}`;
    return bad('token', 'token_unavailable', `The page's \`${source}\` ${what}. It must give a token as a text.`);
  }
}

/** What kept `token-url` from giving a token. */
async function unavailable(url: URL, error: unknown, around: Circumstances): Promise<Check> {
  const address = url.origin + url.pathname;
  if (error instanceof TypeError) {
    const own = url.origin === self.origin;
    const stopped = await stoppedHere('token', url, [own ? "'self'" : url.origin], around);
    if (stopped) return stopped;
    const cors = own
      ? ''
      : ` On another origin it must answer the preflight, and allow ${self.origin} and the headers Content-Type and X-Chalk-Talk.`;
    return bad('token', 'token_unavailable', `\`token-url\` (${address}) can't be reached.${cors}`);
  }
  const what =
    error instanceof DOMException
      ? `\`token-url\` (${address}) took too long.`
      : // An address may carry what is nobody's business.
        said(error).replaceAll(url.href, address);
  const isBroken = error instanceof DOMException || / answered 5\d\d/.test(what);
  const hint = isBroken ? "Look into that server's log." : NO_TOKEN;
  const answer = 'It must answer a POST with status 200 and the JSON `{ "token": "…" }`.';
  return bad('token', 'token_unavailable', `${what} ${answer} ${hint}`);
}

const NO_TOKEN =
  "401 or 403: it does not know the visitor (cookies go only to the page's own origin). A page instead of JSON: perhaps one where people sign in.";

/** An error's words, without any token that may stand in them. */
function said(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…');
}

/** Rejects where it takes too long. */
async function soon(token: Promise<string>, { platform }: Circumstances): Promise<string> {
  return await new Promise((resolve, reject) => {
    const cancel = platform.after(PATIENCE, () => reject(new Error(`it took longer than ${PATIENCE / 1_000} seconds`)));
    token.then(resolve, reject).finally(cancel);
  });
}
