import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { isRefusalCode } from '../../protocol/errors.js';
import { ADMIN_PATH } from '../../protocol/schema/admin.js';

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

  /** @throws FailedError where the token is missing, or would be sent in the clear. */
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
    const answer: unknown = await (await this.#request(method, path, body)).json().catch(() => undefined);
    if (Value.Check(form, answer)) return answer;
    throw new FailedError('answer_unknown', 'The server answers in another form: is this command of its version?');
  }

  /** Does something that has no answer. @throws FailedError as `ask` */
  async tell(method: Method, path: string): Promise<void> {
    await this.#request(method, path);
  }

  /** Fetches something large, piece by piece. @throws FailedError as `ask` */
  async fetch(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#request('GET', path);
    if (!body) throw new FailedError('answer_unknown', 'The server sent nothing.');
    return body;
  }

  async #request(method: Method, path: string, body?: unknown): Promise<Response> {
    const headers = new Headers({ Authorization: `Bearer ${this.#token}` });
    const init: RequestInit = { method, headers, redirect: 'error' };
    if (body !== undefined) {
      headers.set('Content-Type', 'application/json');
      init.body = JSON.stringify(body);
    }
    let response: Response;
    try {
      response = await fetch(this.#base + path, init);
    } catch {
      throw new FailedError(
        'server_not_reached',
        `No server answers at ${new URL(this.#base).origin}. Is it running? Say where with --url or CHALK_TALK_URL.`,
      );
    }
    if (!response.ok) throw refusalIn(await response.json().catch(() => undefined));
    return response;
  }
}

function refusalIn(answer: unknown): FailedError {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  const known =
    typeof error === 'object' && error !== null && 'code' in error && 'message' in error ? error : undefined;
  if (!known || !isRefusalCode(known.code)) {
    return new FailedError('answer_unknown', 'Something answers there, but it is no Chalk Talk server.');
  }
  if (known.code === 'not_found') {
    return new FailedError(known.code, "The server has no operator's API: start it with ADMIN_TOKEN set.");
  }
  return new FailedError(known.code, String(known.message));
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
}
