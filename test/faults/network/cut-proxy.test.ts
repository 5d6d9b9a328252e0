import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';

import { CutProxy } from '../../support/cut-proxy.js';
import { until } from '../../support/patience.js';

suite('a network that a test can take away', () => {
  test('carries what is said both ways, and the end of it', async t => {
    const { dial } = await echoBehind(t);
    const client = dial();
    client.say('one');
    await client.hears('one');
    client.socket.end();
    await client.ends();
  });

  test('cut, it resets what is open and what comes, until it is mended', async t => {
    const { proxy, dial } = await echoBehind(t);
    const client = dial();
    client.say('one');
    await client.hears('one');
    proxy.cut();
    assert.equal(await client.fault(), 'ECONNRESET');
    assert.equal(await dial().fault(), 'ECONNRESET');
    proxy.mend();
    const later = dial();
    later.say('again');
    await later.hears('again');
  });

  test('silent, it carries nothing and ends nothing; mended, all of it arrives in its order', async t => {
    const { proxy, server, dial } = await echoBehind(t);
    const [before, ending] = [dial(), dial()];
    before.say('one');
    await before.hears('one');
    proxy.swallow();
    before.say(' two');
    ending.say('last');
    ending.socket.end();
    const during = dial();
    during.say('three');
    // What goes past it shows that nothing more is on its way.
    const beside = dialTo(t, server);
    beside.say('beside');
    await beside.hears('beside');
    assert.deepEqual([before.heard, during.heard, ending.heard], ['one', '', '']);
    proxy.mend();
    await before.hears('one two');
    await during.hears('three');
    await ending.hears('last');
    await ending.ends();
  });

  test('gives the address of what is behind it as its own', async t => {
    const { proxy, port } = await echoBehind(t);
    const url = new URL(proxy.urlOf('postgres://someone:secret@db.example:5432/chalk?sslmode=disable'));
    assert.equal(url.port, port);
    url.port = '5432';
    assert.equal(url.href, 'postgres://someone:secret@127.0.0.1:5432/chalk?sslmode=disable');
  });
});

/** Somebody who says something and hears what is said. */
class Client {
  heard = '';
  #fault: string | undefined;
  #ended = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
    socket.on('error', (fault: NodeJS.ErrnoException) => (this.#fault = fault.code));
    socket.on('close', () => (this.#ended = true));
  }

  say(text: string): void {
    this.socket.write(text);
  }

  async hears(text: string): Promise<void> {
    await until(
      5_000,
      () => this.heard === text,
      () => `heard ${this.heard}, not ${text}`,
    );
  }

  async ends(): Promise<void> {
    await until(
      5_000,
      () => this.#ended,
      () => 'the connection does not end',
    );
  }

  async fault(): Promise<string | undefined> {
    await this.ends();
    return this.#fault;
  }
}

/** A server that says everything back, behind such a network. */
async function echoBehind(t: TestContext) {
  const echo = createServer(socket => socket.on('error', () => socket.destroy()).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  t.after(() => echo.close());
  const server = `tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  const proxy = await CutProxy.before(t, server);
  const url = proxy.urlOf(server);
  return { proxy, server, port: new URL(url).port, dial: () => dialTo(t, url) };
}

function dialTo(t: TestContext, url: string): Client {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  return new Client(socket);
}
