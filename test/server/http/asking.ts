/** How the tests of the HTTP API ask. */
import assert from 'node:assert/strict';
import { request } from 'node:http';

import type { RefusalCode } from '../../../protocol/errors.js';
import { type Backend, ORIGIN } from '../../support/backend.js';
import { Talker } from '../../support/talker.js';

/** An origin that no site lists. */
export const EVIL = 'https://evil.example';

/** What a request to a site's API is made of; by default a GET from its own page. */
export interface Ask {
  readonly origin?: string | null;
  readonly token?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Asks the API of a site, at a path that begins with the site's id. */
export function ask(
  backend: Backend,
  path: string,
  { origin = ORIGIN, token, method = 'GET', headers, body }: Ask = {},
) {
  return fetch(`${backend.url}/v1/sites/${path}`, {
    method,
    headers: {
      ...(origin !== null && { origin }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

/** The code of a refusal; undefined for a success. */
export async function codeOf(answer: Response): Promise<RefusalCode | undefined> {
  if (answer.ok) return undefined;
  const { error } = (await answer.json()) as { error: { code: RefusalCode; message: string } };
  assert.ok(error.message);
  return error.code;
}

/** A room with something in it. */
export async function fill(backend: Backend, room = 'lobby'): Promise<Talker> {
  const ann = await Talker.enter(backend, { person: 'ann', name: 'Ann' });
  await ann.join(room);
  await ann.post(room, 'hello');
  await ann.draw(room);
  return ann;
}

/** Without what `fetch` does on its own: paths are sent as they are, encodings stay. */
export function rawGet(
  url: string,
  headers: Record<string, string>,
  path?: string,
): Promise<{ status: number; bytes: number; sent: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, ...(path !== undefined && { path }) }, answer => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, bytes, sent: answer.headers['content-encoding'] }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
