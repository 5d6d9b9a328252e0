/** The proxies of docs/deploy in front of the real server. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { CADDY, type Changes, enter, look, NGINX, ofOwnMaking } from './proxy.js';
import { answers, freePort, kitchen, type Kitchen } from './recipe.js';

/** The example of each, and what of it is the machine's. */
const EXAMPLES = [
  { proxy: NGINX, file: 'nginx.conf', own: (): Changes => [] },
  { proxy: CADDY, file: 'Caddyfile', own: (port: number): Changes => [ofOwnMaking('chalk.example.com', port)] },
];

async function someone(
  t: TestContext,
  { backend, origin }: Kitchen,
  address: string,
  transport: 'websocket' | 'polling',
) {
  const talker = await enter(address, { token: await backend.token({ person: transport }), origin, transport });
  t.after(() => void talker.socket.disconnect());
  await talker.join('algebra-101');
  return talker;
}

for (const { proxy, file, own } of EXAMPLES) {
  const missing = !proxy.isHere;
  if (missing) console.warn(`\n  *** NOT RUN: this machine has no ${proxy.name}, so its example was not tried ***\n`);

  test(`behind ${proxy.name}: WebSocket and long-polling, and nothing for the operator`, { skip: missing }, async t => {
    const place = await kitchen(t);
    const port = await freePort();
    const address = `https://127.0.0.1:${port}`;
    const changes: Changes = [['127.0.0.1:3000', new URL(place.backend.url).host], ...own(port)];
    const run = await proxy.start(place, port, file, changes);
    await answers(() => look(`${address}/healthz`).then(seen => seen === 'server 200'), run);
    assert.equal(await look(`${address}/v1/chalk-talk.js`), 'server 200');
    assert.equal(await look(`${address}/metrics`), 'proxy 404');
    assert.equal(await look(`${address}/admin/v1/status`), 'proxy 404');

    const ann = await someone(t, place, address, 'websocket');
    const bo = await someone(t, place, address, 'polling');
    await ann.post('algebra-101', 'Over a socket');
    await bo.hears('events', ({ events }) => JSON.stringify(events).includes('Over a socket'));
    await bo.post('algebra-101', 'By asking');
    await ann.hears('events', ({ events }) => JSON.stringify(events).includes('By asking'));
  });
}
