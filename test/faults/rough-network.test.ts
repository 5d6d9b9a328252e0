import { test } from 'node:test';

import { EFFORT } from '../support/effort.js';
import { until } from '../support/patience.js';
import { Chance, seedOfRun } from './chance.js';
import { finishTalk, gather } from './crowd.js';
import { Damage, RoughNetwork } from './rough-network.js';
import { startService } from './service.js';
import { conclude, told } from './verdict.js';

const PEOPLE = 10;
/** Bad moments that must have met somebody before it is enough. */
const MOMENTS = EFFORT.badMoments;
/** Milliseconds that this may take: some four times what it does. */
const PATIENCE = 120_000;

test(
  `a network that cuts, delays, reorders and half-closes loses and doubles nothing of ${PEOPLE} people`,
  { timeout: 300_000 },
  async t => {
    const chance = new Chance(seedOfRun());
    const server = await startService(t);
    const damage = new Damage();
    const networks = await Promise.all(
      Array.from({ length: PEOPLE }, () =>
        server.entrance(t).then(url => RoughNetwork.before(t, url, new Chance(chance.between(0, 1e9)), damage)),
      ),
    );
    const members = await gather(t, { people: PEOPLE, chance, server, urls: networks.map(({ url }) => url) });

    for (const member of members) member.start();
    await until(
      PATIENCE,
      () => damage.moments >= MOMENTS && damage.isOfEveryKind,
      () =>
        `only ${damage.moments} bad moments met somebody, or not of every kind: ${members.map(({ session }) => session.status).join(', ')}`,
    );
    await finishTalk(members);
    for (const network of networks) network.calm();

    const verdict = await conclude(t, members, server);
    const { cut, halfClosed, stalled, late, overtaken } = damage;
    t.diagnostic(
      `seed ${chance.seed}: ${cut} cut, ${halfClosed} half-closed, ${stalled} stalled, ${late} late; ` +
        `${overtaken} pieces overtaken by what was sent after them over another connection; ${told(verdict)}`,
    );
  },
);
