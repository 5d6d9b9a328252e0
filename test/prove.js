/**
 * `npm run prove`, after the build: everything that the README says under "Tried", as often as it
 * says, one after the other, for each of it wants a machine with nothing else to do. All of it is
 * tried whatever fails; at the end come the figures, and 1 where something was not so. Words choose
 * some of the steps: `npm run prove -- load soak`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * By name: what is run. Tests tell their figures to a file, the soak says them after everyone has
 * gone.
 */
const STEPS = {
  attacks: ['test/run.js', 'attacks', '--prove'],
  faults: ['test/run.js', 'faults', '--prove'],
  load: ['test/run.js', 'load', '--prove'],
  soak: ['dist/test/soak/run.js'],
  nodes: ['test/run.js', 'server', '--nodes', '--prove'],
  'faults-on-nodes': ['test/run.js', 'faults', '--nodes', '--prove'],
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) {
  console.error(`usage: npm run prove -- [${Object.keys(STEPS).join(' | ')}]…`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'chalk-talk-prove-'));
const told = [];
let failed = 0;
for (const [name, words] of Object.entries(STEPS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const file = join(folder, name);
  const began = Date.now();
  const { code, said } = await run(words, { ...process.env, CHALK_TALK_TEST_FIGURES: file });
  const figures = words[0] === 'test/run.js' ? read(file) : (said.split('everyone has gone')[1] ?? said).trim();
  if (code !== 0) failed += 1;
  const verdict = code === 0 ? 'as promised' : `NOT AS PROMISED (exit code ${code})`;
  told.push(`== ${name}: ${verdict}, ${Math.round((Date.now() - began) / 1_000)} s\n${figures}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${told.join('\n\n')}\n\n${failed === 0 ? 'All as promised.' : `${failed} NOT AS PROMISED.`}`);
process.exit(failed === 0 ? 0 : 1);

function run(words, env) {
  const child = spawn(process.execPath, words, { stdio: ['inherit', 'pipe', 'inherit'], env });
  let said = '';
  child.stdout.on('data', chunk => {
    said += chunk;
    process.stdout.write(chunk);
  });
  return new Promise(resolve => child.on('close', code => resolve({ code: code ?? 1, said })));
}

function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'It told nothing.';
  }
}
