/**
 * A customer's site whose every mistake is the test's: the page's markup and policy, its
 * certificate, whether the backend lists it, and what its token address answers. Beside it a real
 * backend that serves the built widget.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { BUNDLE_DIR } from '../../server/package-version.js';
import { type Backend, startBackend } from './backend.js';
import { NetworkProxy } from './browser/network-proxy.js';
import type { Scope } from './scope.js';

export interface SiteSetting {
  /** By https, under a name that is no loopback's; default by http from the loopback. */
  readonly secure?: boolean;
  /** Whether the backend lists its origin; default yes. */
  readonly listed?: boolean;
}

export interface PageSetting {
  /** Of the element, besides `site="acme"` and `room="algebra"`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The page's Content-Security-Policy. */
  readonly policy?: readonly string[];
  /** Path of the script at the backend; default the floating one. */
  readonly script?: string;
  /** In a frame that has no origin. */
  readonly sandboxed?: boolean;
}

export interface DiagnosisSite {
  readonly origin: string;
  readonly backend: Backend;
  /** What lies between the pages and the backend, and its address. */
  readonly network: NetworkProxy;
  readonly server: string;
  /** The address of a page. */
  page(setting?: PageSetting): string;
}

/** Names that the tests' browser leads to the loopback without taking them for it. */
export const NAMES = '*.chalk-talk.test';

const CERTIFICATE = new URL('../../../test/support/diagnosis-certificate/', import.meta.url);

/** Where tokens are asked for, and what it answers: `/token-500`, for one. */
const TOKEN_ANSWERS: Readonly<
  Record<string, readonly [status: number, headers: Record<string, string>, body: string]>
> = {
  '/token-500': [500, { 'content-type': 'text/plain' }, 'oops'],
  '/token-401': [401, { 'content-type': 'application/json' }, '{}'],
  '/token-html': [200, { 'content-type': 'text/html' }, '<!doctype html><title>Please sign in</title>'],
  '/token-login': [302, { location: '/token-html' }, ''],
};

/** Starts both; they are closed when the scope ends. */
export async function openDiagnosisSite(
  scope: Scope,
  { secure = false, listed = true }: SiteSetting = {},
): Promise<DiagnosisSite> {
  const pages: PageSetting[] = [];
  const listener: RequestListener = (request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  };
  const read = (name: string) => readFile(new URL(name, CERTIFICATE));
  const site = secure
    ? createSecureServer({ key: await read('key.pem'), cert: await read('certificate.pem') }, listener)
    : createServer(listener);
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  const origin = secure ? `https://customer.chalk-talk.test:${port}` : `http://127.0.0.1:${port}`;
  const origins = [listed ? origin : 'https://other.example'];
  const backend = await startBackend({ origins, bundleDir: fileURLToPath(BUNDLE_DIR) });
  const network = new NetworkProxy(() => new URL(backend.url));
  const server = await network.listen();
  scope.after(async () => {
    site.closeAllConnections();
    site.close();
    await network.close();
    await backend.close();
  });

  async function answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(url, origin);
    const tokenAnswer = TOKEN_ANSWERS[pathname];
    if (tokenAnswer) {
      response.writeHead(tokenAnswer[0], tokenAnswer[1]).end(tokenAnswer[2]);
      return;
    }
    if (pathname === '/token') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ token: await backend.token() }));
      return;
    }
    const page = pages[Number(/^\/page-(\d+)$/.exec(pathname)?.[1] ?? -1)];
    if (!page) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Nothing here</title>');
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      ...(page.policy && { 'content-security-policy': page.policy.join('; ') }),
    });
    response.end(markup(page, server));
  }

  return {
    ...{ origin, backend, network, server },
    page(setting = {}) {
      pages.push(setting);
      return `${origin}/page-${pages.length - 1}`;
    },
  };
}

function markup({ attributes = {}, script = '/v1/chalk-talk.js', sandboxed }: PageSetting, server: string): string {
  const all = { site: 'acme', room: 'algebra', view: 'chat', ...attributes };
  const written = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  const room = `<script type="module" src="${server}${script}"></script><chalk-talk ${written.join(' ')}></chalk-talk>`;
  const body = sandboxed ? `<iframe sandbox="allow-scripts" srcdoc='${room}'></iframe>` : room;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>${body}</html>`;
}
