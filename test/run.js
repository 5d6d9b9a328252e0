/**
 * Runs compiled Node tests: `node test/run.js server` or `journey`, further words narrow it to files whose path holds one of
 * them. The files are listed here because Node 20, 22 and 24 each read folders and patterns in another way.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const SUITES = {
  server: path => /^(protocol|server)\/.*\.test\.js$/.test(path) || path.endsWith('.node.test.js'),
  journey: path => /^journey\/.*\.test\.js$/.test(path),
  package: path => /^package\/(?!stranger).*\.test\.js$/.test(path),
  stranger: path => path === 'package/stranger.test.js',
  faults: path => /^faults\/.*\.test\.js$/.test(path),
};

const [suite = '', ...words] = process.argv.slice(2);
const belongs = SUITES[suite];
if (!belongs) {
  console.error(`usage: node test/run.js ${Object.keys(SUITES).join(' | ')} [PART OF A PATH]…`);
  process.exit(2);
}

/**
 * Not run on Node 24, and told: better-sqlite3 12.11.1 brings that Node down where a statement is collected while its database is open,
 * which these tests do a thousand times over in one process. The server keeps its statements.
 */
const onNode24 = Number(process.versions.node.split('.')[0]) >= 24;
const leftOut = path => onNode24 && path.includes('sqlite/site-remover');
if (onNode24) console.error('NOT RUN on this Node: server/storage/sqlite/site-remover (see test/run.js)');

const files = readdirSync('dist/test', { recursive: true })
  .map(path => path.replaceAll('\\', '/'))
  // What was compiled from a file that is gone stays in dist.
  .filter(path => belongs(path) && existsSync(`test/${path.replace(/\.js$/, '.ts')}`))
  .filter(path => !leftOut(path))
  .filter(path => words.length === 0 || words.some(word => path.includes(word)))
  .sort()
  .map(path => `dist/test/${path}`);
if (files.length === 0) {
  console.error(`No ${suite} tests found; is everything built (npm run build:ts)?`);
  process.exit(1);
}

const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
