import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { suite, test } from 'node:test';

import { type HttpServerOptions, listen, mostConnections, newHttpServer } from '../../../server/http/http-server.js';
import type { Scope } from '../../support/scope.js';

/** A test that waits in vain fails. */
const PATIENCE = { timeout: 60_000 };

const SHORT = { headers: 60, request: 120, keepAlive: 120, idle: 60_000 };

/** A server that reads what it is asked, and answers then. */
async function start(t: Scope, options: HttpServerOptions = {}): Promise<{ server: Server; port: number }> {
  const server = newHttpServer((request, response) => {
    request.resume();
    request.on('end', () => response.end('answered'));
  }, options);
  const port = await listen(server, 0, '127.0.0.1');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { server, port };
}

function dial(t: Scope, port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  t.after(() => Promise.resolve(void socket.destroy()));
  return socket;
}

/** What is read until the connection ends. */
async function all(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

/** The answer to a request on a connection that stays open. */
async function ask(socket: Socket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  while (!text.includes('answered')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString();
  }
  return text;
}

suite('nobody holds a connection by being slow', PATIENCE, () => {
  const beginnings: Record<string, string> = {
    'who says nothing': '',
    'who never ends the headers': 'GET / HTTP/1.1\r\nHost: x\r\n',
    'who never ends the body': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx',
    'who never ends a chunk': 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nx',
  };
  for (const [name, beginning] of Object.entries(beginnings)) {
    test(name, async t => {
      const { port } = await start(t, { patience: SHORT });
      const slow = dial(t, port);
      slow.write(beginning);
      assert.match(await all(slow), /^HTTP\/1.1 408 /);
    });
  }

  test('who says a little now and then', async t => {
    const { port } = await start(t, { patience: SHORT });
    const slow = dial(t, port);
    slow.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => slow.write('X: y\r\n'), 10);
    await all(slow);
    clearInterval(drip);
  });

  test('who was answered and says nothing more', async t => {
    const { port } = await start(t, { patience: SHORT });
    const idle = dial(t, port);
    await ask(idle);
    await all(idle);
  });
});

suite('there are never more connections than there may be', PATIENCE, () => {
  test('who is here stays, and whoever only keeps a connection for later makes room', async t => {
    const { port } = await start(t, { connections: 3 });
    const busy = dial(t, port);
    busy.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha');
    const idle = [dial(t, port), dial(t, port)];
    for (const socket of idle) await ask(socket);
    const gone = idle.map(socket => once(socket, 'close'));
    const fourth = dial(t, port);
    assert.equal(await all(fourth), '');
    await Promise.all(gone);
    assert.match(await ask(dial(t, port)), /answered/);
    const answer = all(busy);
    busy.end('ha');
    assert.match(await answer, /answered/);
  });

  test('file handles are left for everything else', () => {
    assert.equal(mostConnections(1_024), 824);
    assert.equal(mostConnections(1e9), 50_000);
    assert.equal(mostConnections(64), 200);
  });
});

test('however many come at one moment, each is answered', async t => {
  const { port } = await start(t);
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask(dial(t, port))));
  assert.ok(answers.every(answer => answer.includes('answered')));
});
