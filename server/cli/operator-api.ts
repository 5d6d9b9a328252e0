import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { json } from 'node:stream/consumers';

import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { isRefusalCode } from '../../protocol/errors.js';
import { ADMIN_PATH } from '../../protocol/schema/admin.js';

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Milliseconds after which a silent connection is asked whether it is still there, so that nothing
 * on the way forgets it.
 */
const SIGN_OF_LIFE = 30_000;

/**
 * Sends one request, and waits for the beginning of its answer however long that takes: a backup is
 * copied whole, and a site removed whole, before the server answers. (`fetch` gives up after five
 * minutes.) Redirections are answers like any other.
 *
 * @throws what the system says where there is no way there
 */
function exchange(url: string, { method, headers, body }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    // An agent of its own: the shared one gives up on its connections after some seconds.
    const request = send(url, { method, headers, agent: false }, resolve);
    request.setSocketKeepAlive(true, SIGN_OF_LIFE);
    request.on('error', reject);
    request.end(body);
  });
}

/** What the server, or the way to it, says no with. */
export class FailedError extends Error {
  override readonly name = 'FailedError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface OperatorApiOptions {
  /** Where the server is. */
  readonly url: string;
  /** ADMIN_TOKEN of the environment. */
  readonly token: string | undefined;
  /** Whether the token may go over plain http to another machine. */
  readonly insecure: boolean;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The running server's API for operators, over HTTP. */
export class OperatorApi {
  readonly #base: string;
  readonly #token: string;

  /**
   * @throws FailedError where the token is missing or none that can be sent, or would be sent in
   *   the clear.
   */
  constructor({ url, token, insecure }: OperatorApiOptions) {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (!address || !/^https?:$/.test(address.protocol)) {
      throw new FailedError('url_invalid', `${url} is no address of a server: https://chalk.example.com`);
    }
    if (address.protocol === 'http:' && !isLoopback(address.hostname) && !insecure) {
      throw new FailedError(
        'url_insecure',
        `${address.origin} is plain http: everyone on the way could read ADMIN_TOKEN. Use https, or --insecure where the way is safe.`,
      );
    }
    if (!token) {
      throw new FailedError('admin_token_missing', "Set ADMIN_TOKEN in the environment: the same as the server's.");
    }
    // Whatever refused it later might repeat it.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      const message =
        'ADMIN_TOKEN must be one word of visible ASCII characters, without spaces and line breaks inside.';
      throw new FailedError('admin_token_malformed', message);
    }
    this.#base = address.origin + address.pathname.replace(/\/$/, '') + ADMIN_PATH;
    this.#token = token;
  }

  /**
   * Asks for something.
   *
   * @param form what the answer must look like
   * @throws FailedError where it is refused, or nobody answers
   */
  async ask<Form extends TSchema>(form: Form, method: Method, path: string, body?: unknown): Promise<Static<Form>> {
    const answer = await parsed(await this.#request(method, path, body));
    if (Value.Check(form, answer)) return answer;
    throw new FailedError('answer_unknown', 'The server answers in another form: is this command of its version?');
  }

  /** Does something that has no answer. @throws FailedError as `ask` */
  async tell(method: Method, path: string): Promise<void> {
    (await this.#request(method, path)).resume();
  }

  /** Fetches something large, piece by piece. @throws FailedError as `ask` */
  fetch(path: string): Promise<AsyncIterable<Uint8Array>> {
    return this.#request('GET', path);
  }

  async #request(method: Method, path: string, body?: unknown): Promise<IncomingMessage> {
    const headers = {
      Authorization: `Bearer ${this.#token}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    let response: IncomingMessage;
    try {
      response = await exchange(this.#base + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (fault) {
      throw new FailedError(
        'server_not_reached',
        `No server answers at ${new URL(this.#base).origin} (${reasonOf(fault)}). Is it running? Say where with --url or CHALK_TALK_URL.`,
      );
    }
    const { statusCode: status = 0 } = response;
    if (status >= 200 && status < 300) return response;
    throw refusalIn(await parsed(response), status);
  }
}

/** What the answer says; undefined where it is no JSON, or broke off. */
function parsed(response: IncomingMessage): Promise<unknown> {
  return json(response).catch(() => undefined);
}

/** In the system's own word, where it has one: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  return 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.message;
}

function refusalIn(answer: unknown, status: number): FailedError {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  const known =
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error ? error : undefined;
  if (!known || !isRefusalCode(known.code)) {
    const message = `Something answers there with ${status}, but not as a Chalk Talk server does. Perhaps a proxy in front keeps /admin/ to itself: ask where the server runs.`;
    return new FailedError('answer_unknown', message);
  }
  if (known.code === 'not_found') {
    return new FailedError(known.code, "The server has no operator's API: start it with ADMIN_TOKEN set.");
  }
  return new FailedError(known.code, String(known.message));
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
}
