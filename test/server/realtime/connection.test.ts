import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { Server } from 'socket.io';
import { io } from 'socket.io-client';

import { Grants } from '../../../server/auth/grants.js';
import type { Identity } from '../../../server/auth/identity.js';
import { AttendedRooms } from '../../../server/realtime/attended-rooms.js';
import { Metrics } from '../../../server/metrics/metrics.js';
import { Connection } from '../../../server/realtime/connection.js';
import type { PeopleServer, PeopleSocket } from '../../../server/realtime/people.js';
import { ManualClock } from '../../support/manual-clock.js';

test('a token that was still verified when the socket went holds nothing', async t => {
  const clock = new ManualClock();
  const httpServer = createServer();
  const server: PeopleServer = new Server(httpServer);
  t.after(() => server.close());
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const address = httpServer.address();
  assert.ok(typeof address === 'object' && address);
  const client = io(`http://127.0.0.1:${address.port}`, { transports: ['websocket'], reconnection: false });
  t.after(() => client.disconnect());
  const [socket] = (await once(server, 'connection')) as [PeopleSocket];

  const identity: Identity = {
    site: 'acme',
    person: { id: 'ann', name: 'Ann' },
    grants: new Grants({ '*': 'member' }),
    expires: clock.now() + 60_000,
    kid: 'key',
    forServers: false,
  };
  socket.data.identity = identity;
  const metrics = new Metrics();
  const attendedRooms = new AttendedRooms(server.of('/'), clock, metrics);
  const connection = new Connection({ socket, attendedRooms, clock, metrics });
  connection.adopt({ ...identity, expires: clock.now() + 600_000 });
  assert.equal(clock.waiting, 1);
  connection.close();
  connection.adopt({ ...identity, expires: clock.now() + 600_000 });
  assert.equal(clock.waiting, 0);
});
