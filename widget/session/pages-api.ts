/** What is asked over HTTP: what is too large for the socket, and tokens for guests. */
import { RefusedError } from '../../protocol/errors.js';
import type { GuestAnswer, GuestRequest, HistoryPage } from '../../protocol/schema/http.js';
import type { Snapshot } from '../../protocol/timeline/state.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import { type Platform, realPlatform } from './platform.js';
import { asError, readErrorBody } from './refusals.js';

/** A site of a backend. */
export interface SiteAddress {
  /** Origin of the backend. */
  readonly server: string;
  /** The site's id. */
  readonly site: string;
}

export interface GuestTokenRequest extends SiteAddress, GuestRequest {}

/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Asks the backend for a guest's token. Only pages get one: the backend wants to know their origin.
 *
 * @throws RefusedError with the server's reason, or `unavailable` where it can't be reached
 */
export async function guestToken(
  { server, site, ...wish }: GuestTokenRequest,
  platform: Platform = realPlatform(),
): Promise<string> {
  const url = `${server}/v1/sites/${site}/guests`;
  const headers = { 'Content-Type': 'application/json' };
  const answer = await ask(platform, url, { method: 'POST', headers, body: JSON.stringify(wish) });
  if (!isOurs<GuestAnswer>(answer, { token: '' })) throw new RefusedError('unavailable');
  return answer.token;
}

/**
 * A room's snapshot and history; both throw RefusedError, `unavailable` where there is no sensible
 * answer.
 */
export class RoomPages {
  readonly #url: string;
  readonly #token: () => string;
  readonly #platform: Platform;

  /** `token` gives the present token, each time anew. */
  constructor({ server, site }: SiteAddress, room: string, token: () => string, platform: Platform) {
    this.#url = `${server}/v1/sites/${site}/rooms/${room}`;
    this.#token = token;
    this.#platform = platform;
  }

  async snapshot(): Promise<Snapshot> {
    const answer = await this.#get(`/snapshot?protocol=${PROTOCOL_VERSION}`);
    const form = { epoch: '', seq: 0, redactions: 0, people: [], messages: [], shapes: [], settings: [] };
    if (!isOurs<Snapshot>(answer, form)) throw new RefusedError('unavailable');
    return answer;
  }

  /** The page of messages before `seq`. */
  async history(before: number): Promise<HistoryPage> {
    const answer = await this.#get(`/messages?before=${before}`);
    if (!isOurs<HistoryPage>(answer, { people: [], messages: [] })) throw new RefusedError('unavailable');
    return answer;
  }

  #get(path: string): Promise<unknown> {
    return ask(this.#platform, this.#url + path, { headers: { Authorization: `Bearer ${this.#token()}` } });
  }
}

/**
 * The JSON of an answer. Whatever else comes (no network, a proxy's page in HTML, a fault) is
 * `unavailable`: it may pass.
 */
async function ask(platform: Platform, url: string, init: RequestInit): Promise<unknown> {
  let ok: boolean;
  let body: unknown;
  try {
    const response = await platform.fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    ok = response.ok;
    body = await response.json();
  } catch (cause) {
    throw new RefusedError('unavailable', { cause });
  }
  if (ok) return body;
  const refusal = readErrorBody(body);
  throw refusal ? asError(refusal) : new RefusedError('unavailable');
}

/**
 * The server is ours and speaks our version: enough is looked at, by an example, to know its
 * answers from a stranger's.
 */
function isOurs<Answer extends object>(value: unknown, example: Partial<Answer>): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(example).every(([name, wanted]) => {
    const given: unknown = Reflect.get(value, name);
    return typeof given === typeof wanted && Array.isArray(given) === Array.isArray(wanted);
  });
}
