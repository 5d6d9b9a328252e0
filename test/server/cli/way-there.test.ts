import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { StatusAnswerSchema } from '../../../protocol/schema/admin.js';
import { OperatorApi } from '../../../server/cli/operator-api.js';
import { ADMIN_TOKEN } from '../admin/operator.js';
import { site } from '../storage/contract/home.js';
import { chalkTalk, terminal, terminalAt } from './chalk-talk.js';
import { json, standIn } from './stand-in.js';

const STATUS = { version: '1.0.0', publicUrl: 'https://x.example', uptime: 1, ready: true, sites: 0, connections: 0 };

const KEY = { kid: 'first', algorithm: 'HS256', forServers: false, createdAt: 1, revokedAt: null, secret: 'told-once' };
const SITE = { ...site('acme'), connections: 0 };

/** A server that makes things and can't tell where pages reach it. */
const withoutStatus = (t: TestContext) =>
  standIn(t, ({ url = '' }, response) => {
    if (url.endsWith('/status')) json(response, 503, { error: { code: 'unavailable', message: 'Not now.' } });
    else json(response, 201, url.endsWith('/keys') ? KEY : SITE);
  });

for (const words of [
  ['keys', 'add', 'acme'],
  ['sites', 'add', 'acme'],
]) {
  test(`${words.join(' ')}: nothing is made that could not be shown`, async t => {
    const server = await withoutStatus(t);
    const { refuses, answers } = terminalAt(server);
    assert.match(await refuses(...words), /Not now\. \[unavailable\]/);
    assert.deepEqual(
      server.asked.filter(one => one.startsWith('POST')),
      [],
    );
    // Programs get the answer alone, for which nothing else is asked.
    assert.ok('kid' in (await answers(...words)) || words[0] === 'sites');
  });
}

test('an answer is waited for however long it takes', async t => {
  // Timers that run five hundred times as fast: all of them in this process, so that their order
  // stays.
  const inEarnest = setTimeout;
  const inAHurry = (task: () => void, delay = 0) => inEarnest(task, delay / 500);
  t.mock.method(globalThis, 'setTimeout', inAHurry);
  const server = await standIn(t, (_request, response) => {
    // Eight minutes, in steps: whoever counts the steps of a clock is to count them all.
    const wait = (left: number): void => {
      if (left === 0) json(response, 200, STATUS);
      else setTimeout(() => wait(left - 1), 500);
    };
    wait(960);
  });
  const api = new OperatorApi({ url: server.url, token: ADMIN_TOKEN, insecure: false });
  assert.deepEqual(await api.ask(StatusAnswerSchema, 'GET', '/status'), STATUS);
});

test('a token that no header can hold is not repeated', async t => {
  const { app } = await terminal(t);
  for (const token of ['first-half\nsecond-half', 'first-half second-half', 'first-halfé']) {
    const { code, output, complaints } = await chalkTalk({ CHALK_TALK_URL: app.url, ADMIN_TOKEN: token }, 'status');
    assert.deepEqual([code, output], [1, '']);
    assert.match(complaints, /^ADMIN_TOKEN .*\[admin_token_malformed\]\n$/);
    assert.doesNotMatch(complaints, /half/);
  }
});

test('why nobody answers is said, and what may stand in between', async t => {
  const { refuses: refused } = terminalAt({ url: 'http://127.0.0.1:1' });
  assert.match(
    await refused('status'),
    /No server answers at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\).*\[server_not_reached\]/,
  );
  const proxy = await standIn(t, (_request, response) => response.writeHead(403).end('<h1>Forbidden</h1>'));
  assert.match(await terminalAt(proxy).refuses('status'), /403.*proxy.*\/admin.*\[answer_unknown\]/);
  const elsewhere = await standIn(t, (_request, response) => response.writeHead(302, { location: '/login' }).end());
  assert.match(await terminalAt(elsewhere).refuses('sites', 'list'), /302.*\[answer_unknown\]/);
  const cut = await standIn(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{', () => response.destroy());
  });
  assert.match(await terminalAt(cut).refuses('status'), /\[answer_(unknown|cut)\]/);
});

test('an operand that is no name goes nowhere', async t => {
  const server = await standIn(t, (_request, response) => response.writeHead(204).end());
  const { type } = terminalAt(server);
  for (const words of [
    ['keys', 'revoke', 'acme', '..'],
    ['keys', 'revoke', 'acme', ''],
    ['keys', 'mark', 'acme', '.'],
    ['keys', 'list', '..'],
    ['sites', 'remove', '..', '--yes'],
    ['sites', 'remove', '', '--yes'],
    ['sites', 'show', 'Acme'],
    ['usage', '.'],
  ]) {
    const { code, complaints } = await type(...words);
    assert.equal(code, 2, words.join(' '));
    assert.match(complaints, /is not the id of a (site|key)/);
  }
  assert.deepEqual(server.asked, []);
});
