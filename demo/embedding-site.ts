/** A customer's web site: its pages, its security policy, and its route for tokens. */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';

import Koa, { type Middleware } from 'koa';
import serve from 'koa-static';

import { chalkToken, type SigningKey } from './chalk-token.js';
import { listen, stop } from './loopback.js';
import type { DemoSite } from './sites.js';

export interface EmbeddingSite {
  readonly port: number;
  close(): Promise<void>;
}

export interface EmbeddingSiteOptions {
  readonly site: DemoSite;
  readonly key: SigningKey;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly backendPort: number;
  /** The port of the other demo site, once it is known. */
  readonly otherPort: () => number;
}

/** What the pages on disk say, for whoever reads them there; other ports are put in their place. */
const WRITTEN = { backend: 'http://localhost:3000', other: /http:\/\/localhost:300[12]\// };

/** The demo's folder of sources, as seen from dist/demo. */
const SOURCES = new URL('../../demo/', import.meta.url);

/** Starts a demo site on the loopback. */
export async function startEmbeddingSite(options: EmbeddingSiteOptions): Promise<EmbeddingSite> {
  const { site, key, backendPort } = options;
  const folder = new URL(`${site.id}/public/`, SOURCES);
  const app = new Koa();
  app.use(onlyLoopbackNames);
  app.use(securityPolicy(backendPort));
  app.use(chalkToken(site, key));
  app.use(async (context, next) => {
    if (context.path !== '/') {
      await next();
      return;
    }
    const page = await readFile(new URL('index.html', folder), 'utf8');
    context.type = 'html';
    context.body = page
      .replaceAll(WRITTEN.backend, `http://${context.hostname}:${backendPort}`)
      .replace(WRITTEN.other, `http://${context.hostname}:${options.otherPort()}/`);
  });
  app.use(serve(fileURLToPath(folder), { index: false }));
  app.use(demoLogin);
  const answer = app.callback();
  const server = await listen((request, response) => void answer(request, response), options.port);
  return { port: portOf(server), close: () => stop(server) };
}

/** The script behind the pages' `?as=`, the same for both sites. */
const demoLogin: Middleware = async (context, next) => {
  if (context.path !== '/login/demo-login.js') {
    await next();
    return;
  }
  context.type = 'js';
  context.body = await readFile(new URL('login/demo-login.js', SOURCES), 'utf8');
};

/**
 * Another name that leads here is somebody's trick: a foreign page that wants to be taken for this
 * one.
 */
const onlyLoopbackNames: Middleware = async (context, next) => {
  if (!['localhost', '127.0.0.1'].includes(context.hostname)) return context.throw(421);
  await next();
};

/** A strict page: what Chalk Talk needs of it is named, and nothing else. */
function securityPolicy(backendPort: number): Middleware {
  return async (context, next) => {
    const backend = `${context.hostname}:${backendPort}`;
    context.set(
      'content-security-policy',
      [
        "default-src 'none'",
        `script-src 'self' http://${backend}`,
        "style-src 'self'",
        "img-src 'self'",
        `connect-src 'self' http://${backend} ws://${backend}`,
        "require-trusted-types-for 'script'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    );
    await next();
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new TypeError('The demo site does not listen on a port');
  return address.port;
}
