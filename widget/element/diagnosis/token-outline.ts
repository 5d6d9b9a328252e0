/**
 * What a token says of itself, unverified: enough to tell its signer what is wrong with it. Nothing
 * of the person it names.
 */
export interface TokenOutline {
  readonly kid: unknown;
  readonly alg: unknown;
  readonly iss: unknown;
  readonly aud: unknown;
  readonly rooms: readonly string[];
  /** Milliseconds since 1970; undefined where it says none. */
  readonly begins: number | undefined;
  readonly ends: number | undefined;
}

/** @returns undefined where it is no token at all */
export function outlineOf(token: string): TokenOutline | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined;
  const [header, claims] = token.split('.').map(part => objectIn(part));
  if (!header || !claims) return undefined;
  const { kid, alg } = header;
  const { iss, aud, rooms } = claims;
  const times = [claims['nbf'], claims['iat']].map(inMilliseconds).filter(time => time !== undefined);
  return {
    ...{ kid, alg, iss, aud },
    rooms: typeof rooms === 'object' && rooms !== null ? Object.keys(rooms) : [],
    begins: times.length > 0 ? Math.max(...times) : undefined,
    ends: inMilliseconds(claims['exp']),
  };
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function inMilliseconds(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}
