/**
 * A customer's site for the tests: it serves the pages of this folder, each with the security
 * policy that the test gives it, and signs tokens for whoever `?as=` names, beside a real backend
 * that serves the built widget.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BUNDLE_DIR } from '../../../server/package-version.js';
import { type Backend, startBackend } from '../backend.js';
import { NetworkProxy } from '../browser/network-proxy.js';
import type { Scope } from '../scope.js';

/** The security policy of a page, by its file name; none where it has none. */
export type Policies = Readonly<Record<string, (backend: string) => readonly string[]>>;

export interface Embedding {
  readonly origin: string;
  readonly backend: Backend;
  /** What lies between the pages and the backend. */
  readonly network: NetworkProxy;
}

const PAGES = new URL('../../../../test/support/pages/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
};

/** Starts both; they are closed when the scope ends. */
export async function openEmbedding(scope: Scope, policies: Policies = {}): Promise<Embedding> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const backend = await startBackend({ origins: [origin], bundleDir: fileURLToPath(BUNDLE_DIR) });
  const network = new NetworkProxy(() => new URL(backend.url));
  const address = await network.listen();
  scope.after(async () => {
    server.closeAllConnections();
    server.close();
    await network.close();
    await backend.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    if (pathname === '/chalk-token') {
      const mayAsk = request.method === 'POST' && request.headers['x-chalk-talk'] !== undefined;
      const body = mayAsk ? { token: await backend.token({ person: searchParams.get('as') ?? 'ann' }) } : {};
      response.writeHead(mayAsk ? 200 : 403, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const file = /^\/([a-z-]+\.(?:html|css|js))$/.exec(pathname)?.[1];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const policy = policies[file]?.(address).join('; ');
    const page = await readFile(new URL(file, PAGES), 'utf8');
    response.writeHead(200, {
      'content-type': TYPES[extname(file)],
      ...(policy !== undefined && { 'content-security-policy': policy }),
    });
    response.end(page.replaceAll('{{backend}}', address));
  }

  return { origin, backend, network };
}
