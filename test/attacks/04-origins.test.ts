import { test } from 'node:test';

import { SOCKET_PATH } from '../../protocol/version.js';
import { ORIGIN } from '../support/backend.js';
import { rawGet } from '../server/http/asking.js';
import { Battlefield } from './battlefield.js';
import { codeIn, knockAt } from './doors.js';
import { Polling } from './polling.js';

/** Origins that no site lists, however like one they look. */
const ORIGINS: readonly string[] = [
  'https://evil.example',
  `${ORIGIN}.evil.example`,
  'https://evil.example/https://page.example',
  'https://evilpage.example',
  'https://sub.page.example',
  ORIGIN.replace('https', 'http'),
  `${ORIGIN}:8443`,
  `${ORIGIN}:443`,
  `${ORIGIN}.`,
  `${ORIGIN}/`,
  ORIGIN.toUpperCase(),
  'HTTPS://page.example',
  'https://xn--pge-hoa.example',
  'https://user@page.example',
  `${ORIGIN}, https://evil.example`,
  `${ORIGIN} https://evil.example`,
  'null',
  'file://',
  '*',
];

test('4. Origins that are not on the list', async t => {
  const field = await Battlefield.open(t);
  const server = field.backend.url;
  const token = await field.backend.token();
  const rest = `${server}/v1/sites/acme/rooms/lobby/snapshot`;
  const handshake = `${server}${SOCKET_PATH}/?EIO=4&transport=polling&site=acme`;

  for (const origin of ORIGINS) {
    for (const door of ['polling', 'HTTP'] as const) {
      await field.attack(`${origin} over ${door}`, 'origin_not_allowed', () =>
        knockAt(door, { server, token, origin }),
      );
    }
    await field.attack(`${origin} over WebSocket`, 'HTTP 400', () => knockAt('WebSocket', { server, token, origin }));
    for (const [what, url] of [
      ['the API', rest],
      ['polling', handshake],
    ] as const) {
      await field.attack(`${origin} in a preflight of ${what}`, '403, and no word for the page', async () => {
        const answer = await fetch(url, { method: 'OPTIONS', headers: { origin } });
        const allowed = answer.headers.get('access-control-allow-origin');
        return allowed === null ? `${answer.status}, and no word for the page` : `allowed to ${allowed}`;
      });
    }
  }
  await field.attack("a page's token without an Origin", 'origin_missing', () =>
    knockAt('WebSocket', { server, token, origin: null }),
  );
  await field.attack("a page's token without an Origin, over polling", 'origin_missing', () =>
    knockAt('polling', { server, token, origin: null }),
  );
  await field.attack("a page's token without an Origin, over HTTP", 'origin_missing', () =>
    knockAt('HTTP', { server, token, origin: null }),
  );
  await field.attack("a server's token from a foreign page", 'origin_not_allowed', async () =>
    knockAt('HTTP', { server, token: await field.backend.token({ forServers: true }), origin: 'https://evil.example' }),
  );
  await field.attack('a guest without an Origin', 'origin_missing', async () => {
    const body = JSON.stringify({ name: 'Zoe', room: 'open-house' });
    const headers = { 'content-type': 'application/json' };
    return codeIn(await fetch(`${server}/v1/sites/acme/guests`, { method: 'POST', headers, body }));
  });
  await field.attack('another origin in the middle of a polling session', '403', async () => {
    const session = await Polling.open({ server, origin: ORIGIN });
    if (!(session instanceof Polling)) return codeIn(session);
    const answer = await rawGet(session.url, { origin: 'https://evil.example' });
    await session.send('1');
    return String(answer.status);
  });
});
