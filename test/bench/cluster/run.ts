/**
 * What several nodes cost, beside one: real server processes on a PostgreSQL that syncs each commit
 * and a Redis, all started here. Run by `npm run bench:cluster`.
 *
 *     npm run bench:cluster -- [--only delivery,ink,appends,sockets,hot,relay,connections]
 *     [--rounds 1] [--seconds 5] [--quick] [--check] [--markdown]
 *
 * `--quick` is to see whether all of it works: its figures are worth little. `--check` ends with 1
 * where a bound is not kept; `--markdown` prints the tables as Markdown: docs/many-nodes.md is
 * written from several such runs.
 */
import { parseArgs } from 'node:util';

import { clusterTerms } from '../figures/machine.js';
import { type Bound, broken, printed } from '../report.js';
import { appendsTable, hotRoomTable, relayTable, socketsTable } from './append-tables.js';
import { Backing } from './backing.js';
import { type Costs, reckoningTable } from './reckoning.js';
import { type ClusterMeasured, connectionsTable, deliveryTable, inkTable, type Thoroughness } from './tables.js';

const FIGURES: Readonly<Record<string, (backing: Backing, thoroughness: Thoroughness) => Promise<ClusterMeasured>>> = {
  delivery: deliveryTable,
  ink: inkTable,
  appends: appendsTable,
  sockets: socketsTable,
  hot: hotRoomTable,
  relay: relayTable,
  connections: connectionsTable,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(FIGURES).join(',') },
    rounds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});

const QUICK: Thoroughness = {
  rounds: 1,
  times: { warmUp: 1, measured: 2 },
  warmUpOfDelivery: 1,
  connections: { many: 300, idle: 2 },
};
const thoroughness = values.quick
  ? QUICK
  : {
      rounds: Number(values.rounds),
      times: { warmUp: 8, measured: Number(values.seconds) },
      warmUpOfDelivery: 30,
      connections: { many: 1_200, idle: 8 },
    };

for (const line of await clusterTerms()) console.log(values.markdown ? `- ${line}` : line);
console.log();
const backing = await Backing.start();
try {
  await measure(values.only.split(','));
} finally {
  await backing.close();
}

async function measure(names: readonly string[]): Promise<void> {
  const bounds: Bound[] = [];
  const faults: string[] = [];
  const costs: Partial<Costs> = {};
  for (const name of names) {
    const figure = FIGURES[name];
    if (!figure) throw new Error(`There is no figure ${name}, only ${Object.keys(FIGURES).join(', ')}.`);
    try {
      const measured = await figure(backing, thoroughness);
      console.log(printed(measured.table));
      if (measured.also) console.log(printed(measured.also));
      bounds.push(...measured.bounds);
      Object.assign(costs, measured.costs);
    } catch (fault) {
      // The others are worth having all the same.
      faults.push(`${name}: ${fault instanceof Error ? fault.message : String(fault)}`);
    }
  }
  if (isWhole(costs)) console.log(printed(reckoningTable(costs)));
  faults.push(...broken(bounds));
  for (const fault of faults) console.error(`NOT KEPT  ${fault}`);
  if (faults.length === 0 && !values.markdown) console.log('All limits kept.');
  if (faults.length > 0 && values.check) process.exitCode = 1;
}

/** Whether everything was measured that is reckoned with. */
function isWhole(costs: Partial<Costs>): costs is Costs {
  const { keep, bring, relay, idle } = costs;
  return [keep, bring, relay, idle].every(one => one !== undefined);
}
