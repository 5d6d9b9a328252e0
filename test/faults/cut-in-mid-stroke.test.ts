import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { SnapshotShape } from '../../protocol/timeline/state.js';
import type { RoomStorage } from '../../server/domain/storage.js';
import { connect, type RoomSession } from '../../widget/session/index.js';
import { EFFORT } from '../support/effort.js';
import { within } from '../support/patience.js';
import { roomKey } from '../support/room-key.js';
import type { Scope } from '../support/scope.js';
import { isCompleted, isDrawn } from '../support/commands.js';
import { Chance, seedOfRun } from './chance.js';
import { type Service, startService } from './service.js';
import { SITE } from './site.js';
import { StrokeAuthor } from './stroke-author.js';

const { cutAuthors: AUTHORS, cutRooms: ROOMS } = EFFORT;
/** How many come in at one time. */
const AT_ONCE = 40;
/**
 * Milliseconds in which a board must show what it should: the grace of five seconds, and what a
 * busy machine takes.
 */
const PATIENCE = 40_000;

/** What authors do after they were cut, and how many in ten of them. */
const FATES = {
  /** Nothing, ever. */
  gone: 4,
  /** Back before the grace is over: say all again, and finish. */
  back: 1,
  /** Back after it, to finish, as they do who had lifted the pen meanwhile. */
  late: 2,
  /** Back after it with the pen still down: draw on, and finish. */
  drawing: 2,
  /** The same, but cut once more before they finish. */
  twice: 1,
} as const;
type Fate = keyof typeof FATES;

const ORDER = Object.entries(FATES).flatMap(([fate, share]) => Array<Fate>(share).fill(fate as Fate));

test(`${AUTHORS} connections cut in mid-stroke lose and double no stroke`, async t => {
  const chance = new Chance(seedOfRun());
  const server = await startService(t);
  const begun = Date.now();
  const authors = await inTurn(Array.from({ length: AUTHORS }), async (_, index) => {
    const token = await server.token({ person: `p${index}` });
    const room = `room-${index % ROOMS}`;
    const author = new StrokeAuthor({ server: server.url, token, room, chance });
    await author.come();
    author.penDown();
    author.drawOn(chance.between(0, 6));
    await author.isHeard();
    return author;
  });
  t.after(() => authors.forEach(author => author.cut()));
  const fateOf = (index: number): Fate => ORDER[Math.floor(index / ROOMS) % ORDER.length] ?? 'gone';
  const of = (...fates: Fate[]) => authors.filter((_, index) => fates.includes(fateOf(index)));

  // All at one moment, and in the middle of what they are saying.
  for (const author of authors) author.drawOn(chance.between(0, 3));
  for (const author of authors) author.cut();
  const cut = Date.now();
  await inTurn(of('back'), async author => {
    await author.come();
    author.penDown();
    author.drawOn(2);
    await finishes(author);
  });
  const boards = Array.from({ length: ROOMS }, (_, index) => board(t, server, `room-${index}`));
  const shapeOf = ({ room, shape }: StrokeAuthor) =>
    boards.find(session => session.room === room)?.board.shapes.get(shape);
  await shows(boards, () => authors.every(author => shapeOf(author)));
  const kept = Date.now();
  const lost = { points: 0 };
  for (const author of of('gone', 'late', 'drawing', 'twice')) {
    lost.points += author.sent.length - isPart(shapeOf(author), author);
  }

  await inTurn(of('twice'), async author => {
    await author.come();
    author.penDown();
    author.drawOn(3);
    await author.isHeard();
    author.cut();
  });
  await shows(boards, () =>
    of('twice').every(author => (shapeOf(author)?.content.points.length ?? 0) >= author.sure.length),
  );
  for (const author of of('twice')) isPart(shapeOf(author), author);

  const finished = of('back', 'late', 'drawing', 'twice');
  await inTurn(of('late'), async author => {
    await author.come();
    await finishes(author);
  });
  await inTurn(of('drawing', 'twice'), async author => {
    await author.come();
    author.penDown();
    author.drawOn(2);
    await finishes(author);
  });
  await shows(boards, () => finished.every(author => shapeOf(author)?.partial === undefined));
  for (const author of finished) assert.equal(shapeOf(author)?.content.points, author.whole.content.points);
  for (const session of boards) session.close();
  const done = Date.now();

  await server.kill();
  const storage = await server.openStorage();
  t.after(() => storage.close());
  const verdict = await judge(storage, authors, new Set(finished));
  t.diagnostic(
    `seed ${chance.seed}: ${AUTHORS} cut in mid-stroke in ${ROOMS} rooms: ${verdict.lost} strokes lost, ${verdict.doubled} doubled; ` +
      `${finished.length} finished afterwards (${of('back').length} within the grace, ${of('twice').length} after being cut twice), ` +
      `${of('gone').length} stay partial; of what was sent and never answered ${lost.points} characters of points did not arrive`,
  );
  t.diagnostic(`ms: drawing ${cut - begun}, all on every board ${kept - cut} after the cut, in all ${done - begun}`);
  assert.deepEqual(verdict, { lost: 0, doubled: 0 });
});

/** Finishes, and says it once more, as one who did not hear the answer. */
async function finishes(author: StrokeAuthor): Promise<void> {
  const answers = [await author.finish(), await author.finish()];
  assert.match(answers[0] ?? '', /"ok":true/);
  assert.equal(answers[1], answers[0]);
  author.cut();
}

/**
 * What is kept is what its author had drawn, as far as it arrived.
 * @returns how many characters of points there are
 */
function isPart(shape: SnapshotShape | undefined, { shape: id, sent, sure }: StrokeAuthor): number {
  assert.ok(shape?.partial, `${id} is not partial`);
  assert.ok(sent.startsWith(shape.content.points), `${id} has points that were never drawn`);
  assert.ok(shape.content.points.startsWith(sure), `${id} lacks points that had arrived`);
  return shape.content.points.length;
}

function board(scope: Scope, server: Service, room: string): RoomSession {
  const session = connect({ server: server.url, site: SITE, room, getToken: () => server.token({ person: 'reader' }) });
  scope.after(async () => session.close());
  return session;
}

/** Resolves when `holds` after some change of a board; rejects when it does not for long. */
async function shows(boards: readonly RoomSession[], holds: () => boolean): Promise<void> {
  const stops: (() => void)[] = [];
  const shown = new Promise<void>(resolve => {
    for (const session of boards) stops.push(session.subscribe(() => holds() && resolve()));
  });
  const sizes = () => boards.map(({ board }) => board.shapes.size).join(', ');
  await within(PATIENCE, shown, () => `the boards have ${sizes()} shapes`).finally(() => stops.forEach(stop => stop()));
}

/** Each stroke is on its timeline once, and whole where it was finished. */
async function judge(
  storage: RoomStorage,
  authors: readonly StrokeAuthor[],
  finished: ReadonlySet<StrokeAuthor>,
): Promise<{ readonly lost: number; readonly doubled: number }> {
  const drawn = new Map<string, number>();
  const whole = new Map<string, string[]>();
  const visible = new Map<string, SnapshotShape>();
  for (let index = 0; index < ROOMS; index += 1) {
    const room = roomKey(SITE, `room-${index}`);
    for (const event of await storage.tail(room, 0, 100_000)) count(event, drawn, whole);
    for (const shape of (await storage.snapshot(room)).shapes) visible.set(shape.id, shape);
  }
  let lost = 0;
  let doubled = [...visible.keys()].filter(id => !authors.some(({ shape }) => shape === id)).length;
  for (const author of authors) {
    const times = drawn.get(author.shape) ?? 0;
    const wanted = finished.has(author) ? [author.whole.content.points] : [];
    const told = whole.get(author.shape) ?? [];
    const isThere = visible.get(author.shape)?.partial === (finished.has(author) ? undefined : true);
    if (times === 0 || told.length < wanted.length || told[0] !== wanted[0] || !isThere) lost += 1;
    if (times > 1 || told.length > wanted.length) doubled += 1;
  }
  return { lost, doubled };
}

function count(event: AnyEvent, drawn: Map<string, number>, whole: Map<string, string[]>): void {
  if (!isDrawn(event) && !isCompleted(event)) return;
  const { id, content } = event.shape;
  if (isDrawn(event)) drawn.set(id, (drawn.get(id) ?? 0) + 1);
  if (!event.partial) whole.set(id, [...(whole.get(id) ?? []), content.points]);
}

/** Does the same for all, so many at a time. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE);
    results.push(...(await Promise.all(some.map((item, index) => work(item, from + index)))));
  }
  return results;
}
