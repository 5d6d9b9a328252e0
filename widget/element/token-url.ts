import { RefusedError } from '../../protocol/errors.js';

/** How long the page's server may take, in ms. */
const PATIENCE = 15_000;

/**
 * Asks the page's own server for a token, by POST with a header of our own, which no foreign form
 * can send.
 *
 * @throws RefusedError `token_missing` where the server answers that there is none; Error where it
 *   can't be reached, failed, or a page in HTML came in its place, and it may be asked again
 */
export async function askTokenUrl(
  url: string,
  wish: { readonly site: string; readonly room: string },
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'X-Chalk-Talk': '1', 'Content-Type': 'application/json', Accept: 'application/json, text/plain' },
    body: JSON.stringify(wish),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const said = `\`token-url\` (${url}) answered ${response.status}`;
  if (response.status >= 500) throw new Error(`${said}.`);
  if (!response.ok) throw new RefusedError('token_missing', { message: `${said} instead of giving a token.` });
  const body = (await response.text()).trim();
  const token = tokenIn(body);
  if (token === undefined) {
    const message = `${said} without a token: answer \`{ "token": "…" }\`.`;
    // A page is not what a token-url answers: a network that wants a sign-in does, and once it has
    // it lets the next one through.
    throw body.startsWith('<') ? new Error(message) : new RefusedError('token_missing', { message });
  }
  return token;
}

/** `{ "token": "…" }`, or the token as plain text. */
function tokenIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const token = typeof value === 'object' && value !== null && 'token' in value ? value.token : value;
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    // A JWT is three parts in base64url; an error page in HTML is not.
    return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(body) ? body : undefined;
  }
}
