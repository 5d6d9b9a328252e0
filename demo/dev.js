/**
 * `npm run dev`: compiles and bundles on every change, and restarts the demo when it has something
 * new to run. Ctrl+C ends all of it.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Milliseconds of rest in dist/ before the demo restarts: one change writes many files. */
const REST = 400;

const require = createRequire(import.meta.url);
const program = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);
const tsc = program('typescript', 'bin/tsc');
const rollup = program('rollup', 'dist/bin/rollup');

// Bundles are left large while they are rebuilt all the time.
const env = { ...process.env, ROLLUP_WATCH: 'true' };
const running = new Set();
let ending = false;
let rest;

/** Runs a script by this same Node. */
function run(...args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  const exited = new Promise(resolve => child.on('exit', resolve)).finally(() => running.delete(child));
  running.add(child);
  return { child, exited };
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    ending = true;
    clearTimeout(rest);
    for (const child of running) child.kill('SIGTERM');
    for (const watcher of watchers) watcher.close();
  });
}

let demo;
let restarting = Promise.resolve();
function restart() {
  restarting = restarting.then(async () => {
    demo?.child.kill('SIGTERM');
    await demo?.exited;
    if (!ending) demo = run('dist/demo/start.js');
  });
}

const watchers = [];
await run(tsc, '-b').exited;
await run(rollup, '--config', '--silent').exited;
if (!ending) {
  run(tsc, '-b', '--watch', '--preserveWatchOutput');
  run(rollup, '--config', '--watch', '--silent');
  for (const folder of ['protocol', 'server', 'demo', 'bundle']) {
    watchers.push(
      watch(`dist/${folder}`, { recursive: true }, () => {
        clearTimeout(rest);
        rest = setTimeout(restart, REST);
      }),
    );
  }
  restart();
}
