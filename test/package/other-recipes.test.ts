/**
 * The other recipes of docs/recipes: rooms for guests and for a few people, a bot, a front end of
 * one's own.
 */
import assert from 'node:assert/strict';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

import type { Role } from '../../protocol/timeline/state.js';
import { openBrowser } from '../support/browser/open-browser.js';
import { Talker } from '../support/talker.js';
import { answers, isThere, kitchen, type Kitchen, RECIPES } from './recipe.js';

async function startNodeServer(place: Kitchen): Promise<void> {
  const { kid, secret } = await place.key();
  await place.lay('tokens/node', '.');
  const env = { CHALK_KEY_ID: kid, CHALK_SECRET: secret, PORT: String(place.port) };
  await answers(() => isThere(place.origin), place.run([process.execPath, 'server.mjs'], env));
}

test('a guest room: who comes is asked for a name, and talks', async t => {
  const place = await kitchen(t);
  await place.lay('guest-room', 'public');
  await startNodeServer(place);
  const { visit } = await openBrowser(t);
  const guest = await visit(place.origin);
  await guest.namesThemselves('Gil');
  await guest.inRoom();
  await guest.say('Is this the right door?');
  await guest.reads(['Is this the right door?']);
});

test('a private room: two get in, a third does not, and who belongs to more has one for each', async t => {
  const { backend } = await kitchen(t);
  const recipe = (await import(pathToFileURL(join(RECIPES, 'private-room/private-room.mjs')).href)) as {
    privateRoom(people: readonly string[]): string;
    grantsOf(person: string, chats: readonly (readonly string[])[]): Record<string, Role>;
  };
  const chats = [
    ['ann', 'bo'],
    ['cleo', 'bo', 'dan'],
  ];
  const room = recipe.privateRoom(['bo', 'ann']);
  assert.notEqual(room, recipe.privateRoom(['ann,bo']));
  const enter = (person: string) => Talker.enter(backend, { person, rooms: recipe.grantsOf(person, chats) });
  const [ann, bo, cleo] = [await enter('ann'), await enter('bo'), await enter('cleo')];
  await ann.join(room);
  await bo.join(room);
  await ann.post(room, 'Between you and me');
  assert.equal((await cleo.ask('join', { room })).ok, false);
  const other = recipe.privateRoom(['dan', 'cleo', 'bo']);
  await cleo.join(other);
  await bo.join(other);
});

test('a bot comes in without an Origin, answers what is asked from then on, and leaves', async t => {
  const place = await kitchen(t);
  await place.lay('bot', '.');
  const ann = await Talker.enter(place.backend, { person: 'ann' });
  await ann.join('algebra-101');
  await ann.post('algebra-101', '!strokes');
  await ann.draw('algebra-101');
  const { kid, secret } = await place.key({ forServers: true });
  const env = { CHALK_SERVER: place.backend.url, CHALK_KEY_ID: kid, CHALK_SECRET: secret };
  const bot = place.run([process.execPath, 'bot.mjs'], env);
  await bot.says('In algebra-101');
  await ann.post('algebra-101', '!strokes');
  const { events } = await ann.hears('events', ({ events }) => JSON.stringify(events).includes('There are'));
  assert.match(JSON.stringify(events), /There are 1\./);
  bot.process.kill('SIGTERM');
  await ann.hears('presence', ({ left }) => left.length > 0);
});

test("a front end of one's own talks with the element's people", async t => {
  const place = await kitchen(t);
  await place.lay('custom-front-end', 'front-end');
  await mkdir(join(place.folder, 'public'));
  await cp(join(place.folder, 'front-end/index.html'), join(place.folder, 'public/index.html'));
  await build({
    entryPoints: [join(place.folder, 'front-end/chat.src.js')],
    bundle: true,
    format: 'esm',
    outfile: join(place.folder, 'public/chat.js'),
    logLevel: 'silent',
  });
  await startNodeServer(place);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${place.origin}/chat.js`);
  await ann.page.evaluate(() => (document.cookie = 'trial_user=ann'));
  await ann.page.goto(place.origin);
  const bo = await Talker.enter(place.backend, { person: 'bo' });
  await bo.join('algebra-101');
  await bo.draw('algebra-101');
  await bo.post('algebra-101', 'Who is there?');
  const list = () => ann.page.$eval('#messages', ({ textContent }) => textContent);
  await ann.sees('the message', list, text => text === 'bo: Who is there?');
  const strokes = () => ann.page.$eval('#strokes', ({ textContent }) => textContent);
  await ann.sees('the stroke', strokes, text => text === '1');
  await ann.page.type('input', 'It is me');
  await ann.page.keyboard.press('Enter');
  await bo.hears('events', ({ events }) => JSON.stringify(events).includes('It is me'));
});
