/** What a Content-Security-Policy has refused, and what would have to stand in it. */
interface Violation {
  readonly directive: string;
  readonly blocked: string;
  readonly policy: string;
}

/** Listens for what the page's Content-Security-Policy refuses while it is open. */
export class PolicyWatch {
  readonly #document: Document;
  readonly #violations: Violation[] = [];

  constructor(page: Document = document) {
    this.#document = page;
    page.addEventListener('securitypolicyviolation', this.#notice);
  }

  /**
   * Whether a request to `url` was refused; to be asked when it has failed.
   *
   * @param sources what the author would have to allow
   * @returns what is to be written where, as a sentence; undefined where no policy was in the way
   */
  async refusal(url: URL, sources: readonly string[]): Promise<string | undefined> {
    // The event is a task of its own, which comes after the failure: within this document, in
    // order.
    await new Promise(resolve => setTimeout(resolve));
    const own = this.#violations.filter(({ blocked }) => originOf(blocked) === url.origin);
    if (own.length === 0) return undefined;
    const amendments = new Set(own.map(({ directive, policy }) => amendment(directive, sources, policy)));
    return `The page's Content-Security-Policy refuses it. There ${[...amendments].join(' In another of its policies ')}`;
  }

  close(): void {
    this.#document.removeEventListener('securitypolicyviolation', this.#notice);
  }

  readonly #notice = (event: SecurityPolicyViolationEvent): void => {
    const { disposition, effectiveDirective: directive, blockedURI: blocked, originalPolicy: policy } = event;
    if (disposition === 'enforce') this.#violations.push({ directive, blocked, policy });
  };
}

/** What to write so that a policy allows `sources` too: the whole directive, as it has to be. */
export function amendment(directive: string, sources: readonly string[], policy: string): string {
  const directives = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name = '', ...values] = part.trim().split(/\s+/);
    // The first of a name holds.
    if (!directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values);
  }
  // A directive of its own takes the place of `default-src`, so it has to repeat what that allows.
  const present = directives.get(directive) ?? directives.get('default-src') ?? [];
  const kept = present.filter(source => source.toLowerCase() !== "'none'" && !sources.includes(source));
  const because = directives.has(directive) ? '' : `, since without one \`default-src\` holds`;
  return `write \`${[directive, ...kept, ...sources].join(' ')}\`${because}.`;
}

function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined;
}
