/** The operator of a server under test. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { ADMIN_PATH } from '../../../protocol/schema/admin.js';
import type { App, AppOptions } from '../../../server/app.js';
import { loneApp } from '../http/lone-app.js';

export const ADMIN_TOKEN = 'an-admin-token-of-the-tests-0123456789';

export type Answer = Readonly<Record<string, unknown>>;

export class Operator {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(this.#app.url + ADMIN_PATH + path, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** Asks for what must be done. */
  async does(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Answer);
  }

  /** Asks for what must be refused. */
  async isRefused(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly code: string; readonly message: string }> {
    const response = await this.request(method, path, body);
    assert.ok(!response.ok, `${method} ${path} was done`);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    return error;
  }
}

/** A server with one site, `acme`, and its operator. */
export async function operated(t: TestContext, options: Partial<AppOptions> = {}) {
  const app = await loneApp(t, { adminToken: ADMIN_TOKEN, ...options });
  return { app, operator: new Operator(app) };
}
