/**
 * Half an hour's worth of steady traffic on a real server process, compressed: memory and file
 * handles have to stay flat. Run by `npm run soak`.
 *
 *     npm run soak -- [--seconds 180] [--pace 25] [--seed 1] [--leak]
 *
 * What half an hour is taken to be is in STEADY. Things are done at 25 times that pace, but no hand
 * draws faster: so 3 minutes are about half an hour's worth, and how much it was is counted. The
 * first quarter warms up: caches fill, code is compiled. Ends with 1 where the second half of the
 * rest has more than the first, by more than is explained. `--leak` has the server keep every
 * socket: then it must end with 1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { ADMIN_PATH } from '../../protocol/schema/admin.js';
import { LoneServer } from '../faults/lone-server.js';
import { SITE } from '../faults/site.js';
import type { Scope } from '../support/scope.js';
import { type Growth, growthOf, said, type Series } from './flatness.js';
import { heading, row, type Sample, Sampler } from './samples.js';
import { ServerProbe } from './server-probe.js';
import type { Tally } from './tally.js';
import { STEADY, Traffic } from './traffic.js';
import { BETWEEN } from './visit.js';

const HALF_AN_HOUR = 30 * 60;
const SAMPLES = 40;
const ADMIN_TOKEN = 'operator-of-the-soak-'.padEnd(40, 'x');
const METRICS_TOKEN = 'metrics-of-the-soak-'.padEnd(40, 'x');
const ORIGIN = 'https://page.example';
/**
 * Rooms that are talked in before the soak begins: as many as are held in memory, so that each new
 * one takes another's place.
 */
const ROOMS = 100;
/**
 * Seconds in which everything of those who left is gone: whoever was cut off while long-polling is
 * missed at the next heartbeat.
 */
const GONE = 60;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function soak(scope: Scope): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '180' },
      pace: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      leak: { type: 'boolean', default: false },
    },
  });
  const [seconds, pace, seed] = [Number(values.seconds), Number(values.pace), Number(values.seed)];
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-soak-'));
  scope.after(() => rm(folder, { recursive: true, force: true }));
  const probe = new ServerProbe(folder);
  const limits = { ROOMS_IN_MEMORY: String(ROOMS), SNAPSHOT_CACHE_MB: '1' };
  const server = await LoneServer.start(scope, {
    ...probe.environment,
    ...limits,
    ADMIN_TOKEN,
    METRICS_TOKEN,
  });
  await admitGuests(server);
  const sampler = new Sampler({ server, probe, metricsToken: METRICS_TOKEN });
  const before = await sampler.sample();
  const traffic = new Traffic({ server, site: SITE, origin: ORIGIN, pace, seed });
  await traffic.fillRooms(ROOMS);

  say(assumption());
  say(`Rooms held in memory: ${ROOMS}. Sizes in MiB, after garbage collection.\n`);
  say(heading());
  say(`${row(before)}  nobody is here yet`);
  say(`${row(await sampler.sample())}  rooms were filled`);
  await traffic.start();
  const samples: Sample[] = [];
  const began = Date.now();
  for (let due = 1; due <= SAMPLES; due += 1) {
    await pause(Math.max(0, began + (seconds * 1_000 * due) / SAMPLES - Date.now()));
    if (values.leak && due === SAMPLES >> 2) await probe.leak();
    const sample = await sampler.sample();
    samples.push(sample);
    say(row(sample));
    if (server.crashed) throw new Error(`The server ended:\n${server.said}`);
  }
  await traffic.stop();
  const after = await emptied(sampler, before);
  say(`${row(after)}  everyone has gone\n`);
  say(worth(traffic.tally));

  const growths = [...seriesOf(samples.slice(SAMPLES >> 2)).map(growthOf), left(before, after)];
  for (const growth of growths) say(said(growth));
  const faults = server.said.split('\n').filter(line => /"level":(50|60)/.test(line));
  for (const line of faults.slice(0, 5)) say(line);
  const isFlat = growths.every(growth => growth.isFlat) && faults.length === 0;
  say(isFlat ? '\nFlat.' : '\nNOT FLAT, or with faults in the log.');
  return isFlat;
}

/** Things that people do in an unhurried half hour. */
const THINGS = Math.round((STEADY.seats * HALF_AN_HOUR * 2_000) / (BETWEEN.least + BETWEEN.most));

/** What of a tally people did, each in a room. */
const DOINGS = ['messages', 'strokes', 'erasures', 'undos', 'readings'];

function assumption(): string {
  const { seats, rooms } = STEADY;
  return `An unhurried half hour: ${seats} people in ${rooms} rooms, each doing a thing every 5 s, ${THINGS} things in all.`;
}

/** How much of that was done. */
function worth(tally: Tally): string {
  const done = DOINGS.reduce((sum, what) => sum + tally.of(what), 0);
  return `${done} things, ${((30 * done) / THINGS).toFixed(0)} minutes' worth: ${tally.toString()}.`;
}

async function admitGuests(server: LoneServer): Promise<void> {
  const answer = await fetch(`${server.url}${ADMIN_PATH}/sites/${SITE}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ origins: [ORIGIN], guests: { 'open-*': 'member' } }),
  });
  if (!answer.ok) throw new Error(`The site does not take guests: ${answer.status} ${await answer.text()}`);
}

/** How it stands once those who left are gone, or after a while all the same. */
async function emptied(sampler: Sampler, before: Sample): Promise<Sample> {
  const until = Date.now() + GONE * 1_000;
  for (;;) {
    const sample = await sampler.sample();
    const isEmpty = sample.connections === 0 && (sample.files ?? 0) <= (before.files ?? 0);
    if (isEmpty || Date.now() > until) return sample;
    await pause(500);
  }
}

function seriesOf(samples: readonly Sample[]): readonly Series[] {
  const of = (value: (sample: Sample) => number | undefined) => samples.map(sample => value(sample) ?? 0);
  const database = growthOf({
    name: 'database',
    unit: 'MiB',
    values: of(each => each.database),
    bound: 0,
    because: '',
  });
  const pages = Math.max(0, database.second - database.first);
  return [
    {
      name: 'heap',
      unit: 'MiB',
      values: of(({ heap }) => heap),
      bound: 0.75,
      because: 'rooms and people differ from moment to moment',
    },
    {
      name: "heap of the database's thread",
      unit: 'MiB',
      values: of(({ threadHeap }) => threadHeap),
      bound: 0.25,
      because: 'what it is asked differs',
    },
    {
      name: 'external memory',
      unit: 'MiB',
      values: of(({ external }) => external),
      bound: 0.75,
      because:
        'rooms that are kept ready, 1 MB of JSON at most and half as much of it compressed, and what is just being sent',
    },
    {
      name: 'resident memory',
      unit: 'MiB',
      values: of(({ resident }) => resident),
      bound: pages + 8,
      because: `the database's pages are kept up to 64 MiB, and it grew by ${pages.toFixed(1)}; the rest is how the system deals memory out`,
    },
    {
      name: 'open files',
      unit: '',
      values: of(({ files }) => files),
      bound: 6,
      because: 'who changes the connection has two for a moment',
    },
    {
      name: 'handles',
      unit: '',
      values: of(({ resources }) => resources),
      bound: 16,
      because: 'the same, with the timers of each',
    },
  ];
}

/** Whether all files and sockets are given back in the end. */
function left(before: Sample, after: Sample): Growth {
  return growthOf({
    name: 'open files when everyone has gone',
    unit: '',
    values: [before.files ?? 0, after.files ?? 0],
    bound: 2,
    because: 'the last to ask is this program',
  });
}

const tearDowns: (() => Promise<void>)[] = [];
try {
  const isFlat = await soak({ after: tearDown => void tearDowns.push(tearDown) });
  process.exitCode = isFlat ? 0 : 1;
} finally {
  for (const tearDown of tearDowns.reverse()) await tearDown();
}
process.exit();
