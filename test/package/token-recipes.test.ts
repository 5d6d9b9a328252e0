/**
 * The token servers of docs/recipes: started as their first comment says, asked as the element
 * asks, and believed by the real server.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { Talker } from '../support/talker.js';
import { openBrowser } from '../support/browser/open-browser.js';
import { answers, has, isThere, kitchen, type Kitchen, RECIPES } from './recipe.js';

interface Language {
  readonly name: string;
  /** What tells its version. */
  readonly version: readonly [program: string, flag: string];
  readonly command: (port: number) => readonly [string, ...string[]];
}

/** A program that is copied beside the page: Node looks for packages from there. */
const NODE: Language = {
  name: 'Node',
  version: [process.execPath, '--version'],
  command: () => [process.execPath, 'server.mjs'],
};
const at = (path: string) => join(RECIPES, 'tokens', path);

const LANGUAGES: readonly Language[] = [
  NODE,
  { name: 'Python', version: ['python3', '--version'], command: () => ['python3', at('python/server.py')] },
  {
    name: 'PHP',
    version: ['php', '--version'],
    command: port => ['php', '-S', `127.0.0.1:${port}`, '-t', 'public', at('php/chalk-token.php')],
  },
  { name: 'Ruby', version: ['ruby', '-rwebrick'], command: () => ['ruby', at('ruby/server.rb')] },
  { name: 'Go', version: ['go', 'version'], command: () => ['go', 'run', at('go/server.go')] },
];

async function start(place: Kitchen, { command }: Language): Promise<void> {
  const { kid, secret } = await place.key();
  await place.lay('page', 'public');
  await place.lay('tokens/node', '.');
  const env = { CHALK_SITE: 'acme', CHALK_KEY_ID: kid, CHALK_SECRET: secret, PORT: String(place.port) };
  // A cache of Go's own, wherever the machine has none.
  const go = { GOCACHE: join(place.folder, 'go-cache'), GOFLAGS: '-mod=mod', GO111MODULE: 'off' };
  await answers(() => isThere(`http://127.0.0.1:${place.port}/`), place.run(command(place.port), { ...env, ...go }));
}

function ask({ port }: Kitchen, headers: Record<string, string>): Promise<Response> {
  const body = JSON.stringify({ site: 'acme', room: 'algebra-101' });
  return fetch(`http://127.0.0.1:${port}/chalk-token`, { method: 'POST', headers, body });
}

const FROM_THE_ELEMENT = { 'x-chalk-talk': '1', 'content-type': 'application/json' };

for (const language of LANGUAGES) {
  const { name, version } = language;
  const missing = !has(...version);
  if (missing) console.warn(`\n  *** NOT RUN: this machine has no ${name}, so its recipe was not tried ***\n`);

  test(
    `a token server in ${name} signs for who has signed in, and the server lets them in`,
    { skip: missing },
    async t => {
      const place = await kitchen(t);
      await start(place, language);

      const form = await ask(place, { cookie: 'trial_user=ann' });
      assert.equal(form.status, 403, 'a foreign form has no header of ours');
      assert.equal((await ask(place, FROM_THE_ELEMENT)).status, 401, 'nobody has signed in');
      assert.equal((await ask(place, { ...FROM_THE_ELEMENT, cookie: 'trial_user=mallory' })).status, 401);

      const answer = await ask(place, { ...FROM_THE_ELEMENT, cookie: 'theme=dark; trial_user=bo' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const { token } = (await answer.json()) as { token: string };
      const bo = new Talker(place.backend.connect({ token, origin: place.origin }));
      await bo.hears('welcome');
      const joined = await bo.join('algebra-101');
      assert.equal(joined.role, 'member');
      await bo.post('algebra-101', `Hello from ${name}`);
      const elsewhere = await bo.ask('join', { room: 'algebra-102' });
      assert.equal(elsewhere.ok, false);
    },
  );
}

test('the page and the token server of the README: two people talk', async t => {
  const place = await kitchen(t);
  await start(place, NODE);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${place.origin}/?as=ann`);
  const bo = await visit(`${place.origin}/?as=bo`);
  await ann.inRoom();
  await bo.inRoom();
  await ann.say('Where does it cross?');
  await bo.reads(['Where does it cross?']);
});
