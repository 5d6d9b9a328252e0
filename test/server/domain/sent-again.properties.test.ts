/**
 * A command that comes again, whenever that is: what was accepted stays as it was, and is answered
 * as it was.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { RefusedError } from '../../../protocol/errors.js';
import { textOf } from '../../../server/domain/commands/command.js';
import type { AnyBody } from '../../../protocol/timeline/commands/index.js';
import { openSqlite } from '../../../server/storage/sqlite/open-sqlite.js';
import { holds } from '../../support/properties/holds.js';
import { plainRecord } from '../../support/properties/plain-record.js';
import { ReferenceRoom } from '../../support/properties/reference-room.js';
import { RoomServer } from '../../support/properties/room-server.js';
import { CAST, type Given, story, tellAll } from '../../support/properties/story.js';
import { roomKey } from '../../support/room-key.js';
import { RoomsUnderTest } from '../../support/rooms.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { post, ruleOf } from '../../support/commands.js';

/** What makes a command the same. */
const said = (body: AnyBody): string => textOf(body, ruleOf(body));

/** A sending again: of which command, after which other one, and how. */
interface Repeat {
  readonly of: number;
  readonly after: number;
  readonly as: 'same' | 'same in another role' | 'same after a longer wait' | 'other body';
}

const repeats = fc.array(
  plainRecord<Repeat>({
    of: fc.nat({ max: 40 }),
    after: fc.nat({ max: 40 }),
    as: fc.constantFrom('same', 'same in another role', 'same after a longer wait', 'other body'),
  }),
  { minLength: 1, maxLength: 12, size: 'max' },
);

/** The same command id, and where asked for another body or another role of the same person. */
function again(given: Given, as: Repeat['as']): Given {
  const { actor, command } = given;
  if (as === 'other body') return { actor, command: { ...command, body: post('another') } };
  if (as === 'same after a longer wait') return { actor, command: { ...command, waited: 60_000 } };
  if (as === 'same') return given;
  const parts = Object.values(CAST).filter(({ person }) => person.id === actor.person.id);
  return { command, actor: parts.at(-1) ?? actor };
}

test('it is answered with its first seq and changes nothing; with another body it is refused', t =>
  holds(
    t,
    fc.property(story(40), repeats, fc.infiniteStream(fc.boolean()), (done, repeated, chance) => {
      const room = new ReferenceRoom();
      const server = new RoomServer(room);
      const given = tellAll(done);
      const first = new Map<Given, number>();
      for (const [index, each] of given.entries()) {
        const [outcome] = server.take([each]);
        if (typeof outcome === 'number' && !first.has(each)) first.set(each, outcome);
        for (const { of, as } of repeated.filter(({ after }) => after === index)) {
          const earlier = given[of % (index + 1)];
          const seq = earlier && first.get(earlier);
          if (!earlier || seq === undefined) continue;
          const sent = again(earlier, as);
          if (chance.next().value === true) server.forget();
          const before = structuredClone(room.whole);
          const [answer] = server.take([sent]);
          if (said(sent.command.body) === said(earlier.command.body)) assert.equal(answer, seq);
          else assert.ok(answer instanceof RefusedError && answer.code === 'command_id_reused');
          assert.deepEqual(room.whole, before);
        }
      }
    }),
    { runs: 300 },
  ));

test('so it is on a real disk, after a restart as well', async t => {
  const file = join(await temporaryFolder(t), 'chalk-talk.db');
  const open = () => openSqlite({ file, secretKey: 'the operator keeps this one to themselves' });
  let storage = await open();
  t.after(() => storage.close());
  let rooms = 0;
  await holds(
    t,
    fc.asyncProperty(story(12), repeats, async (done, repeated) => {
      const room = roomKey('acme', `room-${(rooms += 1)}`);
      let under = new RoomsUnderTest(storage);
      const submit = (each: Given) => under.answer(room, each);
      const given = tellAll(done);
      const answers = await Promise.all(given.map(submit));
      const { seq } = await storage.head(room);
      await under.rooms.close();
      await storage.close();
      storage = await open();
      under = new RoomsUnderTest(storage);
      const sentAgain = repeated.flatMap(({ of, as }) => {
        const earlier = given[of % Math.max(1, given.length)];
        const answer = earlier && answers[given.indexOf(earlier)];
        return earlier && typeof answer === 'number' ? [{ earlier, answer, sent: again(earlier, as) }] : [];
      });
      const answeredAgain = await Promise.all(sentAgain.map(({ sent }) => submit(sent)));
      const expected = sentAgain.map(({ earlier, sent, answer }) => {
        const same = said(sent.command.body) === said(earlier.command.body);
        return same ? answer : 'command_id_reused';
      });
      assert.deepEqual(answeredAgain, expected);
      assert.equal((await storage.head(room)).seq, seq);
      assert.deepEqual(under.faults, []);
    }),
    { runs: 15 },
  );
});
