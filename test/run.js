/**
 * Runs compiled Node tests: `node test/run.js server` or `journey`, further words narrow it to
 * files whose path holds one of them. With `--nodes` those run that several nodes can break
 * (runner/over-nodes.js), or all that stand on a place where that is to be proven or words choose;
 * their place is one PostgreSQL, one Redis and three nodes. `--prove` repeats what is repeated as
 * often as the README says (support/effort.ts), and holds times to their bounds. The files are
 * listed here because Node 20, 22 and 24 each read folders and patterns in another way.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { isAboutNodes, needsServers, onNodes } from './runner/places.js';
import { SharedProcesses } from './runner/processes.js';
import { Servers } from './runner/servers.js';
import { SUITES } from './runner/suites.js';

/**
 * Milliseconds after which a file is given up that does not end: several times what the longest one
 * takes.
 */
const ENDS_WITHIN = 1_200_000;

const words = process.argv.slice(2).filter(word => !word.startsWith('--'));
const isOnNodes = process.argv.includes('--nodes');
if (process.argv.includes('--prove')) process.env.CHALK_TALK_TEST_EFFORT = 'prove';
const [name = '', ...parts] = words;
const suite = SUITES[name];
if (!suite) {
  console.error(`usage: node test/run.js ${Object.keys(SUITES).join(' | ')} [--nodes] [--prove] [PART OF A PATH]…`);
  process.exit(2);
}

const found = readdirSync('dist/test', { recursive: true })
  .map(path => path.replaceAll('\\', '/'))
  // What was compiled from a file that is gone stays in dist.
  .filter(path => suite.has(path) && existsSync(`test/${path.replace(/\.js$/, '.ts')}`))
  .filter(path => parts.length === 0 || parts.some(part => path.includes(part)))
  .sort();
if (found.length === 0) {
  console.error(`No ${name} tests found; is everything built (npm run build:ts)?`);
  process.exit(1);
}
const { isProving } = await import('../dist/test/support/effort.js');
/** Files that do not run, each with the reason. */
const {
  run: chosen,
  leftOut,
  spared,
} = isOnNodes
  ? onNodes(found, { everything: isProving || parts.length > 0 })
  : { run: found.filter(path => !isAboutNodes(path)), leftOut: new Map(), spared: 0 };

const needing = isOnNodes ? chosen : chosen.filter(needsServers);
const servers = needing.length > 0 ? await Servers.start() : new Servers();
const lacks = new Map(servers.missing.size > 0 ? needing.map(file => [file, [...servers.missing.keys()]]) : []);
const files = chosen.filter(file => !lacks.has(file));

const status = files.length === 0 ? 0 : await test(files);
await servers.close();
tell('These say why they do not run on nodes:', leftOut);
if (spared > 0) console.error(`\n${spared} files more hold on nodes as on one: npm run prove runs them there too.`);
process.exit(lacks.size > 0 ? Math.max(status, missed()) : status);

/** @returns the exit code */
async function test(paths) {
  const options = [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-timeout=${ENDS_WITHIN}`,
  ];
  const figures = process.env.CHALK_TALK_TEST_FIGURES;
  if (figures) options.push('--test-reporter=./test/runner/figures.js', `--test-reporter-destination=${figures}`);
  const shared = suite.small && parts.length === 0 ? new SharedProcesses(paths) : undefined;
  if (suite.alone || (suite.measures && isProving)) options.push('--test-concurrency=1');
  // Node's own choice would be one less than there are cores, which on two is one.
  else options.push(`--test-concurrency=${availableParallelism() + (suite.small ? 1 : 0)}`);
  const environment = { ...process.env, ...servers.environment, ...(isOnNodes && { CHALK_TALK_TEST_ON: 'nodes' }) };
  // Meant for the product: no test may come upon them.
  delete environment.DATABASE_URL;
  delete environment.REDIS_URL;
  const modules = shared?.modules ?? paths.map(path => `dist/test/${path}`);
  const child = spawn(process.execPath, [...options, ...modules], {
    stdio: 'inherit',
    env: environment,
  });
  // The servers go last, whoever ends the run.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const code = await new Promise(resolve => child.on('close', resolve));
  shared?.close();
  return code ?? 1;
}

/** Says loudly what could not run. @returns the exit code that this is worth */
function missed() {
  const inCi = Boolean(process.env.CI);
  const bar = '!'.repeat(100);
  console.error(`\n${bar}\n${lacks.size} FILES OF TESTS DID NOT RUN${inCi ? ', WHICH FAILS HERE' : ''}:`);
  for (const path of lacks.keys()) console.error(`  ${path}`);
  for (const [server, why] of servers.missing) console.error(`There is no ${server} for them. ${why}`);
  console.error(bar);
  return inCi ? 1 : 0;
}

function tell(title, reasons) {
  if (reasons.size === 0) return;
  console.error(`\n${title}`);
  for (const [path, why] of reasons) console.error(`  ${path}: ${why}`);
}
