/**
 * `npm run dev`: compiles and bundles on every change, and restarts the demo when it has something new to run. Ctrl+C ends
 * all of it.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const running = new Set();
let ending = false;

/** Runs a program of node_modules, or a script, by this same Node. */
function run(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

const exited = child => new Promise(resolve => child.on('exit', resolve));

function end() {
  ending = true;
  for (const child of running) child.kill('SIGTERM');
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);

const bin = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);
const tsc = bin('typescript', 'bin/tsc');
const rollup = bin('rollup', 'dist/bin/rollup');

await exited(run([tsc, '-b']));
await exited(run([rollup, '--config', '--silent']));
if (!ending) {
  run([tsc, '-b', '--watch', '--preserveWatchOutput']);
  run([rollup, '--config', '--watch', '--silent']);
  // The watchers settle first, or the demo would start several times over.
  await pause(3_000);
  const watched = ['protocol', 'server', 'demo', 'bundle'].map(folder => `--watch-path=dist/${folder}`);
  if (!ending) run(['--no-warnings', ...watched, 'dist/demo/start.js']);
}
