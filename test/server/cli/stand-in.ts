/** A server that answers the command what the test says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';

export interface StandIn {
  readonly url: string;
  /** What was asked so far: `GET /admin/v1/status`. */
  readonly asked: readonly string[];
}

export async function standIn(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<StandIn> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new TypeError('It listens nowhere.');
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
