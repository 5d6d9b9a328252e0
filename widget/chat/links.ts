/** A piece of a message: plain text, or a link to `href`. */
export type Piece = string | { readonly href: string };

const CANDIDATE = /\bhttps?:\/\/[^\s<>"]+/giu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'*_~\u2026\u3002\uff0c\uff1f\uff01]+$/u;

/**
 * Takes a text apart into plain text and links. Only http and https become links; what is shown for a link is its `href` as the
 * browser will open it, host names in their ASCII form: a look-alike letter can't pose as another, and no name before
 * an `@` as a host.
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

/** Without the punctuation of the sentence around it; a closing bracket stays where the address itself opened one. */
function trimmed(address: string): string {
  let rest = address;
  for (;;) {
    const shorter = rest.replace(TRAILING, '');
    const last = shorter.at(-1);
    const unmatched =
      (last === ')' && count(shorter, ')') > count(shorter, '(')) ||
      (last === ']' && count(shorter, ']') > count(shorter, '['));
    const next = unmatched ? shorter.slice(0, -1) : shorter;
    if (next === rest) return rest;
    rest = next;
  }
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
