import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Milliseconds after which a silent connection is asked whether it is still there, so that nothing on the way forgets it. */
const SIGN_OF_LIFE = 30_000;

/**
 * Sends one request, and waits for the beginning of its answer however long that takes: a backup is copied whole, and a site removed
 * whole, before the server answers. (`fetch` gives up after five minutes.) Redirections are answers like any other.
 *
 * @throws what the system says where there is no way there
 */
export function exchange(url: string, { method, headers, body }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    // An agent of its own: the shared one gives up on its connections after some seconds.
    const request = send(url, { method, headers, agent: false }, resolve);
    request.setSocketKeepAlive(true, SIGN_OF_LIFE);
    request.on('error', reject);
    request.end(body);
  });
}
