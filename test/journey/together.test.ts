/**
 * The first minutes of a trial: two people on the demo's page, and what they find there after a
 * reload.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { startDemo } from '../../demo/demo.js';
import { createLog } from '../../server/log.js';
import { openBrowser } from '../support/browser/open-browser.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function openDemo(t: TestContext) {
  const dataDir = await temporaryFolder(t);
  const demo = await startDemo({ dataDir, ports: { backend: 0, acme: 0, globex: 0 }, log: createLog('silent') });
  t.after(() => demo.close());
  const { visit } = await openBrowser(t);
  const { acme, globex } = demo.ports;
  return {
    visitAcme: (as: string, host = 'localhost') => visit(`http://${host}:${acme}/?as=${as}`),
    visitGlobex: (as: string) => visit(`http://localhost:${globex}/?as=${as}`),
  };
}

const LINE = [
  [0.2, 0.3],
  [0.4, 0.6],
  [0.6, 0.4],
] as const;
const BELOW = [
  [0.2, 0.7],
  [0.5, 0.75],
] as const;

test('two people talk and draw together, and a reload shows all of it', async t => {
  const { visitAcme } = await openDemo(t);
  // As one may reach a machine by either name, both lead to the same room.
  const ana = await visitAcme('ana', 'localhost');
  const bo = await visitAcme('bo', '127.0.0.1');
  await ana.inRoom();
  await bo.inRoom();

  await ana.say('Where does it cross?');
  await bo.reads(['Where does it cross?']);
  await bo.say('At two and at three');
  await ana.reads(['Where does it cross?', 'At two and at three']);

  // Ink is seen while the pen is still down, and kept once it is lifted.
  assert.equal(await bo.inkedPixels(), 0);
  await ana.penDown(LINE);
  await bo.sees(
    'ink in progress',
    () => bo.inkedPixels(),
    pixels => pixels > 0,
  );
  assert.equal(await bo.strokes(), 0);
  await ana.penUp();
  await bo.seesStrokes(1);

  // At the same time, from both sides: everyone ends with the same order.
  const both = [ana, bo].map(async (person, index) => {
    for (let turn = 1; turn <= 4; turn += 1) await person.say(`${index === 0 ? 'Ana' : 'Bo'} ${turn}`);
  });
  await Promise.all(both);
  await ana.sees(
    'all messages',
    () => ana.texts(),
    texts => texts.length === 10,
  );
  await bo.reads(
    await ana.sees(
      'Ana has all of hers',
      () => ana.texts(),
      texts => texts.includes('Ana 4'),
    ),
  );

  await bo.draws(BELOW);
  await ana.seesStrokes(2);
  await bo.presses('Undo');
  await ana.seesStrokes(1);
  await bo.presses('Redo');
  await ana.seesStrokes(2);

  const texts = await ana.texts();
  await bo.page.reload();
  await bo.inRoom();
  await bo.reads(texts);
  await bo.seesStrokes(2);
  assert.deepEqual([...ana.complaints, ...bo.complaints], []);
});

test('the same room name on two sites is two rooms', async t => {
  const { visitAcme, visitGlobex } = await openDemo(t);
  const ana = await visitAcme('ana');
  const iris = await visitGlobex('iris');
  const bo = await visitGlobex('bo');
  for (const person of [ana, iris, bo]) await person.inRoom();

  await ana.say('For the school alone');
  await ana.draws(LINE);
  await ana.reads(['For the school alone']);
  await ana.seesStrokes(1);
  await iris.say('For the garden alone');
  await bo.reads(['For the garden alone']);

  // What came to Bo after all that came from Globex; a reload asks the server for everything there
  // is.
  await iris.page.reload();
  await iris.inRoom();
  await iris.reads(['For the garden alone']);
  assert.deepEqual(await iris.texts(), ['For the garden alone']);
  assert.equal(await iris.strokes(), 0);
  assert.deepEqual(await bo.texts(), ['For the garden alone']);
  assert.deepEqual(await ana.texts(), ['For the school alone']);
});

test('a viewer reads along, and a guest comes in with a name', async t => {
  const { visitAcme } = await openDemo(t);
  const ana = await visitAcme('ana');
  const parent = await visitAcme('parent');
  await ana.inRoom();
  await parent.inRoom();
  await ana.say('Good morning');
  await parent.reads(['Good morning']);
  assert.equal(await parent.page.$('chalk-talk >>> chalk-composer'), null);

  const guest = await visitAcme('guest');
  await guest.namesThemselves('Zoe');
  await guest.inRoom();
  await guest.say('May I listen?');
  await ana.reads(['Good morning', 'May I listen?']);
  assert.deepEqual([...ana.complaints, ...parent.complaints, ...guest.complaints], []);
});
