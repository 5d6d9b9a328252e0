/**
 * Which test files need a PostgreSQL or a Redis, and which stand on a place, so that they hold on
 * one node and on three alike.
 */
import { Imports } from './imports.js';
import { whyNotOnNodes } from './one-file.js';
import { passesOverNodes } from './over-nodes.js';

const PLACES = ['dist/test/support/place.js', 'dist/test/faults/service.js'];
const SERVERS = ['dist/test/support/postgres-server.js', 'dist/test/support/redis-server.js'];
/** Whoever uses one of these has a server or a database of one kind, whatever the run is on. */
const OF_ONE_KIND =
  /^dist\/server\/(?:serve|app|cli\/main|storage\/sqlite\/.*)\.js$|\/(?:server-process|lone-server|chalk-talk)\.js$/;

/** What breaks under several nodes: on one there is nothing of it to try. */
const ABOUT_NODES = /^faults\/nodes\//;

const imports = new Imports();
const reached = path => imports.reachedFrom(`dist/test/${path}`, new Set(PLACES));

/** @param {string} path below dist/test */
export function needsServers(path) {
  const all = reached(path);
  return SERVERS.some(server => all.has(server));
}

/**
 * @param {string} path below dist/test.
 * @returns whether it has several nodes by nature, and runs with them alone
 */
export function isAboutNodes(path) {
  return ABOUT_NODES.test(path);
}

/**
 * Those of some files that run on nodes, and those that would if they were not about something
 * else, with the reasons. Files that start no server and open no storage are neither, nor those
 * that have servers of their own: they hold for both.
 *
 * @param {readonly string[]} paths below dist/test
 * @param {object} how
 * @param {boolean} how.everything whether those run too that several nodes can hardly break
 *   (over-nodes.js)
 * @throws Error where a file is about one kind of server or database and does not say why
 */
export function onNodes(paths, { everything }) {
  const run = [];
  let spared = 0;
  const leftOut = new Map();
  const unexplained = [];
  for (const path of paths) {
    const why = whyNotOnNodes(path);
    const all = reached(path);
    if (isAboutNodes(path)) run.push(path);
    else if (why !== undefined) leftOut.set(path, why);
    // It has nodes or PostgreSQL whatever the run is on.
    else if (needsServers(path)) continue;
    else if (PLACES.some(place => all.has(place))) {
      if (everything || passesOverNodes(path)) run.push(path);
      else spared += 1;
    } else if ([...all].some(file => OF_ONE_KIND.test(file))) unexplained.push(path);
  }
  if (unexplained.length > 0) {
    throw new Error(`These stand on no place (test/support/place.ts, test/faults/service.ts) and are not listed in one-file.js:
  ${unexplained.join('\n  ')}`);
  }
  return { run, leftOut, spared };
}
