import { expect } from '@open-wc/testing';
import { io, type Socket } from 'socket.io-client';

import { PEOPLE_NAMESPACE, PROTOCOL_VERSION, SOCKET_PATH } from '../../../protocol/version.js';
import { type Backend, startBackend } from '../../support/browser/backend.js';

describe('the backend behind a network that can fail', () => {
  let backend: Backend;
  const sockets: Socket[] = [];
  before(async () => {
    backend = await startBackend();
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await backend.close();
  });

  async function connect(transports: string[]): Promise<Socket> {
    const token = await backend.token({ person: 'ann' });
    const socket = io(backend.url + PEOPLE_NAMESPACE, {
      path: SOCKET_PATH,
      query: { site: 'acme' },
      auth: { token, protocol: PROTOCOL_VERSION },
      transports,
      reconnection: false,
      forceNew: true,
    });
    sockets.push(socket);
    return socket;
  }
  const outcome = (socket: Socket) =>
    new Promise<string>(resolve => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', error => resolve(error.message));
    });

  it('is on another origin', () => {
    expect(new URL(backend.url).origin).not.to.equal(location.origin);
  });

  it('lets WebSocket and polling through', async () => {
    expect(await outcome(await connect(['websocket']))).to.equal('connected');
    expect(await outcome(await connect(['polling']))).to.equal('connected');
    expect(await backend.upgrades()).to.equal(1);
  });

  it('blocks WebSocket, and polling goes on', async () => {
    await backend.network('block-websocket');
    expect(await outcome(await connect(['websocket']))).to.equal('websocket error');
    expect(await outcome(await connect(['polling']))).to.equal('connected');
    await backend.network('pass');
  });

  it('cuts what is connected', async () => {
    const socket = await connect(['websocket']);
    expect(await outcome(socket)).to.equal('connected');
    const lost = new Promise(resolve => socket.once('disconnect', resolve));
    await backend.cut();
    expect(await lost).to.equal('transport close');
  });

  it('is the same after a restart', async () => {
    await backend.restart();
    expect(await outcome(await connect(['websocket']))).to.equal('connected');
  });

  it('refuses while it is stopped', async () => {
    await backend.stop();
    expect(await outcome(await connect(['websocket']))).to.equal('websocket error');
    await backend.start();
    expect(await outcome(await connect(['websocket']))).to.equal('connected');
  });
});
