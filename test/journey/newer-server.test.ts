/**
 * The built script against a server of a later version: it goes on with all that it knows, and says
 * that there is more.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { newCommandId, newShapeId } from '../../protocol/names.js';
import type { Backend } from '../support/backend.js';
import { openBrowser } from '../support/browser/open-browser.js';
import type { Visitor } from '../support/browser/visitor.js';
import { clear, draw, erase, post } from '../support/commands.js';
import { LATER_KINDS, stamp } from '../support/later-version.js';
import { openEmbedding } from '../support/pages/embedding.js';
import { stroke } from '../support/strokes.js';
import { Talker } from '../support/talker.js';

const EVENTS = 1_000;
const LINE = [
  [0.3, 0.3],
  [0.6, 0.6],
] as const;
const NEWER = 'A newer version is here: reload for everything';

/** Somebody on the page of a site, who notes what the board holds as the element tells it. */
async function meet(t: TestContext) {
  const { origin, backend } = await openEmbedding(t);
  const { visit } = await openBrowser(t);
  const ann = await visit(`${origin}/plain.html`);
  await ann.inRoom();
  const room = await ann.page.$eval('chalk-talk', element => element.getAttribute('room') ?? '');
  return { origin, backend, visit, ann, room };
}

/** The element's own words about a newer version. */
const saysNewer = ({ page }: Visitor) =>
  page.$$eval('chalk-talk >>> .newer', lines => lines.map(line => line.textContent.trim()));

/** Ids of what is on the board, by kind, as `chalk-sketch-change` tells them. */
async function boardOf({ page }: Visitor): Promise<readonly string[]> {
  return page.$eval('chalk-talk', element => {
    const shapes: unknown = Reflect.get(element, 'lastShapes');
    return shapes instanceof Map
      ? [...(shapes as Map<string, { kind: string }>)].map(([id, { kind }]) => `${kind} ${id}`)
      : [];
  });
}

/**
 * Does all kinds of things in a room, known and not. @returns what is on the board at the end,
 * lowest first
 */
async function live(backend: Backend, room: string): Promise<readonly string[]> {
  const bob = await Talker.enter(backend, { person: 'bob', rooms: { [room]: 'moderator' } });
  await bob.join(room);
  const board = new Map<string, string>();
  const give = async (body: object) => {
    const answer = await bob.askAnything('command', { room, id: newCommandId(), body });
    assert.ok(answer.ok, JSON.stringify(answer));
  };
  for (let number = 0; number < EVENTS; number += 1) {
    const what = number % 10;
    if (what < 4) await give({ type: 'dice.roll', wish: 1 + (number % 6) });
    else if (what < 6) {
      const shape = stamp(newShapeId(), (number % 40) * 30, Math.floor(number / 40) * 40);
      await give({ ...draw(stroke()), shape });
      board.set(shape.id, shape.kind);
    } else if (what < 8) {
      const shape = stroke();
      await give(draw(shape));
      board.set(shape.id, shape.kind);
    } else if (what === 8) await give(post(`message ${number}`));
    else {
      const [first] = board.keys();
      if (number === 509) {
        await give(clear());
        board.clear();
      } else if (first !== undefined) {
        await give(erase([first]));
        board.delete(first);
      }
    }
  }
  return [...board].map(([id, kind]) => `${kind} ${id}`);
}

async function watchesBoard({ page }: Visitor): Promise<void> {
  await page.$eval('chalk-talk', element =>
    element.addEventListener('chalk-sketch-change', event =>
      Reflect.set(element, 'lastShapes', Reflect.get(event, 'shapes')),
    ),
  );
}

test('a page that was open over the update goes on, and so does one that comes after it', async t => {
  const { origin, backend, visit, ann, room } = await meet(t);
  await watchesBoard(ann);
  await ann.page.evaluate(() => (document.title = 'the very page'));
  await ann.say('before the update');
  await ann.reads(['before the update']);
  assert.deepEqual(await saysNewer(ann), []);

  const plenty = { perSecond: 100_000, burst: 100_000 };
  await backend.restart({ kinds: LATER_KINDS, rates: { commands: plenty, packets: plenty } });
  const board = await live(backend, room);
  const last = `message ${EVENTS - 2}`;
  await ann.sees(
    'the newest message',
    () => ann.texts(),
    texts => texts.at(-1) === last,
  );
  await ann.sees(
    'the same board',
    () => boardOf(ann),
    seen => JSON.stringify(seen) === JSON.stringify(board),
  );
  assert.deepEqual(await saysNewer(ann), [NEWER]);

  // What it says and draws is kept: somebody who comes now reads it, and sees the same.
  await ann.say('still here');
  await ann.draws(LINE);
  const carl = await visit(`${origin}/plain.html`);
  await carl.page.$eval('chalk-talk', element => element.setAttribute('token-url', '/chalk-token?as=carl'));
  await carl.inRoom();
  await carl.reads([last, 'still here']);
  await carl.seesStrokes(board.length + 1);
  await ann.seesStrokes(board.length + 1);
  await carl.say('hello from a later page');
  await ann.reads(['still here', 'hello from a later page']);
  assert.equal(await ann.page.title(), 'the very page', 'it was not loaded anew');
  assert.deepEqual(ann.complaints, []);
});
