import type { Refusal } from '../../../protocol/errors.js';
import type { CheckAnswer } from '../../../protocol/schema/http.js';
import { PROTOCOL_VERSION } from '../../../protocol/version.js';
import type { Platform } from '../../session/index.js';
import { readErrorBody } from '../../session/refusals.js';

/** Where a room is to be found. */
export interface RoomAddress {
  /** Of the backend. */
  readonly server: URL;
  readonly site: string;
  readonly room: string;
}

/** What came of a question to the server. Times are this device's, in ms since 1970. */
export type Heard =
  | { readonly kind: 'answer'; readonly answer: CheckAnswer; readonly asked: number; readonly heard: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Something that is no answer of Chalk Talk. */
  | { readonly kind: 'foreign'; readonly status: number; readonly type: string }
  /** Something answers that doesn't let this page read what. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'nothing' }
  /** No answer in time. */
  | { readonly kind: 'silence' };

/** How long an answer may take, in ms. */
const PATIENCE = 10_000;

/**
 * Asks the server whether it would let this page in, and whomever a token names. Without a token it
 * is a request that needs no preflight, which the server refuses in silence to foreign origins: so
 * what is wrong with the origin can be read.
 */
export async function askServer(
  { server, site, room }: RoomAddress,
  platform: Platform,
  token?: string,
): Promise<Heard> {
  const url = new URL(`/v1/sites/${site}/check?protocol=${PROTOCOL_VERSION}&room=${room}`, server);
  const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const late = new AbortController();
  const cancel = platform.after(PATIENCE, () => late.abort());
  const settings: RequestInit = { credentials: 'omit', cache: 'no-store', signal: late.signal };
  try {
    return await readAnswer(url, { ...settings, headers }, platform).catch(async () => {
      late.signal.throwIfAborted();
      // Tells only whether anything at all answers there.
      await platform.fetch(url.href, { ...settings, mode: 'no-cors' });
      return { kind: 'unreadable' };
    });
  } catch {
    return { kind: late.signal.aborted ? 'silence' : 'nothing' };
  } finally {
    cancel();
  }
}

/** Rejects where there is no answer, or none that this page may read. */
async function readAnswer(url: URL, settings: RequestInit, platform: Platform): Promise<Heard> {
  const asked = platform.now();
  const response = await platform.fetch(url.href, settings);
  const heard = platform.now();
  const body = await jsonOf(response);
  if (response.ok && isCheckAnswer(body)) return { kind: 'answer', answer: body, asked, heard };
  const refusal = readErrorBody(body);
  if (refusal) return { kind: 'refused', refusal };
  const type = (response.headers.get('Content-Type') ?? '').split(';', 1)[0] ?? '';
  return { kind: 'foreign', status: response.status, type };
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCheckAnswer(value: unknown): value is CheckAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const types = ['version', 'now', 'guests'].map(name => typeof Reflect.get(value, name));
  return types.join() === 'string,number,boolean';
}
