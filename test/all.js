/**
 * `npm test`, after the build. Lint takes a core for a minute and the tests wait much, so it runs
 * beside them; what it says is printed when it is done, and counts at the end.
 */
import { spawn } from 'node:child_process';

const beside = ['lint', 'lint:package'].map(script => ({ script, done: npm(script) }));
const IN_TURN = [
  [process.execPath, 'test/run.js', 'server'],
  [process.execPath, 'test/run.js', 'package'],
  [process.execPath, 'node_modules/@web/test-runner/dist/bin.js'],
  [process.execPath, 'test/run.js', 'journey'],
];

let status = 0;
for (const [program, ...words] of IN_TURN) {
  status = await run(program, words);
  if (status !== 0) break;
}
for (const { script, done } of beside) {
  const code = await done;
  if (code === 0) continue;
  console.error(`npm run ${script} failed: see above.`);
  status ||= code;
}
process.exit(status);

/**
 * Runs a script of the package quietly, and prints what it said once it is done.
 * @returns the exit code
 */
async function npm(script) {
  const child = spawn('npm', ['run', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
  const code = await ended(child);
  console.log(
    `\n${said.trim()}\nnpm run ${script}: ${code === 0 ? 'nothing to complain of' : `FAILED with ${code}`}\n`,
  );
  return code;
}

function run(program, words) {
  return ended(spawn(program, words, { stdio: 'inherit' }));
}

function ended(child) {
  return new Promise(resolve => child.on('close', code => resolve(code ?? 1)));
}
