/**
 * When the points of a stroke were drawn is kept where its site wants that, from the next stroke
 * on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encodeTimes } from '../../../protocol/ink.js';
import { startBackend } from '../../support/backend.js';
import { draw } from '../../support/commands.js';
import { stroke } from '../../support/strokes.js';
import { Talker } from '../../support/talker.js';

const TIMES = encodeTimes([0, 8, 24]);

test('a site switches the times of strokes off and on', async t => {
  const backend = await startBackend(t);
  const ann = await Talker.enter(backend);
  await ann.join('lobby');
  const kept = async () => {
    await ann.command('lobby', draw(stroke(), { times: TIMES }));
    const { events } = await ann.hears('events');
    const times: unknown = Reflect.get(events.at(-1) ?? {}, 'times');
    return times;
  };
  assert.equal(await kept(), TIMES);
  await backend.app.sites.patchSite('acme', { strokeTimes: false });
  assert.equal(await kept(), undefined);
  await backend.app.sites.patchSite('acme', { strokeTimes: true });
  assert.equal(await kept(), TIMES);
});
