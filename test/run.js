/**
 * Runs compiled Node tests: `node test/run.js server` or `journey`, further words narrow it to files whose path holds one of
 * them. The files are listed here because Node 20, 22 and 24 each read folders and patterns in another way.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** What holds a time or an amount of memory to a bound, for which it wants a machine with nothing else to do. */
const LOADS = /^faults\/(storm|slow-reader)\.test\.js$/;

const SUITES = {
  server: path => /^(protocol|server)\/.*\.test\.js$/.test(path) || path.endsWith('.node.test.js'),
  journey: path => /^journey\/.*\.test\.js$/.test(path),
  package: path => /^package\/(?!stranger).*\.test\.js$/.test(path),
  stranger: path => path === 'package/stranger.test.js',
  attacks: path => /^attacks\/.*\.test\.js$/.test(path),
  faults: path => /^faults\/.*\.test\.js$/.test(path) && !LOADS.test(path),
  load: path => LOADS.test(path),
};

const [suite = '', ...words] = process.argv.slice(2);
const belongs = SUITES[suite];
if (!belongs) {
  console.error(`usage: node test/run.js ${Object.keys(SUITES).join(' | ')} [PART OF A PATH]…`);
  process.exit(2);
}

const files = readdirSync('dist/test', { recursive: true })
  .map(path => path.replaceAll('\\', '/'))
  // What was compiled from a file that is gone stays in dist.
  .filter(path => belongs(path) && existsSync(`test/${path.replace(/\.js$/, '.ts')}`))
  .filter(path => words.length === 0 || words.some(word => path.includes(word)))
  .sort()
  .map(path => `dist/test/${path}`);
if (files.length === 0) {
  console.error(`No ${suite} tests found; is everything built (npm run build:ts)?`);
  process.exit(1);
}

// Those that measure run one after the other, for each of them wants the machine for itself.
const measures = ['faults', 'load', 'attacks'].includes(suite) ? ['--test-concurrency=1'] : [];
const options = ['--test', '--test-reporter=spec', ...measures];
const { status } = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
