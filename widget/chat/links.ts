/** A piece of a message: plain text, or a link to `href`. */
export type Piece = string | { readonly href: string };

const CANDIDATE = /\bhttps?:\/\/[^\s<>"]+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = new Set(".,;:!?'*_~\u2026\u3002\uff0c\uff1f\uff01");

/**
 * Takes a text apart into plain text and links. Only http and https become links; what is shown for
 * a link is its `href` as the browser will open it, host names in their ASCII form: a look-alike
 * letter can't pose as another, and no name before an `@` as a host.
 */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = trimmed(match[0]);
    const href = safeHref(address);
    if (href === undefined) continue;
    if (match.index > from) found.push(text.slice(from, match.index));
    found.push({ href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push(text.slice(from));
  return found;
}

/**
 * Without the punctuation of the sentence around it; a closing bracket stays where the address
 * itself opened one. Goes through the address once, since anybody may send one that is all
 * punctuation.
 */
function trimmed(address: string): string {
  const unopened = new Map([
    [')', count(address, ')') - count(address, '(')],
    [']', count(address, ']') - count(address, '[')],
  ]);
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    const brackets = unopened.get(last) ?? 0;
    if (brackets > 0) unopened.set(last, brackets - 1);
    else if (!TRAILING.has(last)) break;
  }
  return address.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function safeHref(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, href } = new URL(address);
  const web = protocol === 'http:' || protocol === 'https:';
  return web && username === '' && password === '' ? href : undefined;
}
