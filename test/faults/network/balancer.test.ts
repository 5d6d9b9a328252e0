import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { suite, test, type TestContext } from 'node:test';

import { Balancer, type Door } from '../../support/balancer.js';
import { until } from '../../support/patience.js';

suite('what stands in front of several nodes', () => {
  test('takes each connection to the next of them', async t => {
    const { gate } = await behind(t, 3);
    assert.deepEqual([await ask(gate), await ask(gate), await ask(gate), await ask(gate)], ['0', '1', '2', '0']);
  });

  test('keeps one person with a node as long as it is ready', async t => {
    const { balancer, nodes } = await behind(t, 3);
    const door = await balancer.door(t, 1);
    assert.deepEqual([await ask(door), await ask(door)], ['1', '1']);
    if (nodes[1]) nodes[1].ready = false;
    await until(
      5_000,
      async () => (await ask(door)) === '2',
      () => 'they are still sent to node 1',
    );
    if (nodes[1]) nodes[1].ready = true;
    assert.equal(await ask(door), '2');
  });

  test('leaves out who is not ready and who does not answer, and asks again', async t => {
    const { gate, nodes } = await behind(t, 3);
    const [first, second] = nodes;
    assert.ok(first && second);
    first.ready = false;
    second.server.close();
    second.server.closeAllConnections();
    assert.deepEqual([await ask(gate), await ask(gate), await ask(gate)], ['2', '2', '2']);
    first.ready = true;
    await until(
      5_000,
      async () => (await ask(gate)) === '0',
      () => 'node 0 is never asked again',
    );
  });

  test('takes people to who answers at all where nobody is ready', async t => {
    const { gate, nodes } = await behind(t, 2);
    for (const node of nodes) node.ready = false;
    assert.equal(await ask(gate), '0');
  });

  test('ends a connection where nobody answers', async t => {
    const { gate, nodes } = await behind(t, 1);
    nodes[0]?.server.close();
    await assert.rejects(ask(gate));
  });

  test('knows on which node somebody is, and when on none', async t => {
    const { balancer } = await behind(t, 3);
    const door = await balancer.door(t, 2);
    assert.equal(door.node, undefined);
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    socket.write('GET /live?transport=websocket HTTP/1.1\r\nhost: node\r\n\r\n');
    await once(socket, 'data');
    assert.equal(door.node, 2);
    socket.destroy();
    await until(
      5_000,
      () => door.node === undefined,
      () => 'they are said to be there still',
    );
  });

  test('knows it of long-polling as well, whose connections come and go', async t => {
    const { balancer } = await behind(t, 3);
    const door = await balancer.door(t, 1);
    await (await fetch(`${door.url}/live?transport=polling`)).text();
    assert.equal(door.node, 1);
  });
});

interface Node {
  readonly server: Server;
  ready: boolean;
}

/** Nodes that say their number, and a door to them. */
async function behind(t: TestContext, count: number) {
  const nodes: Node[] = [];
  for (let number = 0; number < count; number += 1) {
    const answer = ({ url }: IncomingMessage) => (url === '/readyz' ? (nodes[number]?.ready ? 200 : 503) : 200);
    const server = createServer((request, response) => response.writeHead(answer(request)).end(String(number)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    nodes.push({ server, ready: true });
  }
  const urls = nodes.map(({ server }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const balancer = new Balancer(urls);
  return { balancer, nodes, gate: await balancer.gate(t) };
}

/** @returns which node answered over a connection of its own */
async function ask({ url }: Door): Promise<string> {
  return (await fetch(url, { headers: { connection: 'close' } })).text();
}
