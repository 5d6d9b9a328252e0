/**
 * What the server costs, beside a bare Socket.IO relay in the same run. Run by `npm run bench`.
 *
 *     npm run bench -- [--only cpu,memory,acks,appends] [--rounds 3] [--seconds 6] [--check]
 *     [--markdown] [--profile]
 *
 * `--check` ends with 1 where a ratio is over its limit; `--markdown` prints the tables alone, as
 * docs/performance.md holds them; `--profile` says what the time of both servers goes into, and
 * measures nothing else.
 */
import { parseArgs } from 'node:util';

import { terms } from './figures/machine.js';
import { printProfiles } from './profiles.js';
import { type Bound, broken, printed } from './report.js';
import {
  acknowledgementTable,
  appendsTable,
  cpuTable,
  type Measured,
  memoryTable,
  type Thoroughness,
} from './tables.js';

const FIGURES: Readonly<Record<string, (thoroughness: Thoroughness) => Promise<Measured>>> = {
  cpu: cpuTable,
  memory: memoryTable,
  acks: acknowledgementTable,
  appends: appendsTable,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(FIGURES).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    check: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});

const times = { warmUp: 4, measured: Number(values.seconds) };
for (const line of terms()) console.log(values.markdown ? `- ${line}` : line);
console.log();
if (values.profile) await printProfiles(times);
else await measure(values.only.split(','), { rounds: Number(values.rounds), times });

async function measure(names: readonly string[], thoroughness: Thoroughness): Promise<void> {
  const bounds: Bound[] = [];
  for (const name of names) {
    const figure = FIGURES[name];
    if (!figure) throw new Error(`There is no figure ${name}, only ${Object.keys(FIGURES).join(', ')}.`);
    const measured = await figure(thoroughness);
    console.log(printed(measured.table));
    bounds.push(...measured.bounds);
  }
  if (values.markdown || bounds.length === 0) return;
  const faults = broken(bounds);
  for (const fault of faults) console.log(`NOT KEPT  ${fault}`);
  if (faults.length === 0) console.log('All limits kept.');
  else if (values.check) process.exitCode = 1;
}
