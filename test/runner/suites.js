/** Which compiled test files belong to which suite, by their path below dist/test. */

/**
 * What holds a time or an amount of memory to a bound, for which it wants a machine with nothing
 * else to do.
 */
const LOADS = /^faults\/(storm|slow-reader)\.test\.js$/;

/**
 * @typedef {object} Suite
 * @property {(path: string) => boolean} has
 * @property {boolean} [measures] where that is to be proven its files run one after the other, for
 *   each of them wants the machine for itself
 * @property {boolean} [alone] they do so always
 * @property {boolean} [small] its files are many and small: those of a folder share a process
 *   (processes.js), and as they wait as much as they work one process more than there are cores
 *   runs at once
 */

/** @type {Readonly<Record<string, Suite>>} */
export const SUITES = {
  server: {
    has: path => /^(protocol|server)\/.*\.test\.js$/.test(path) || path.endsWith('.node.test.js'),
    small: true,
  },
  journey: { has: path => /^journey\/.*\.test\.js$/.test(path) },
  package: { has: path => /^package\/(?!stranger).*\.test\.js$/.test(path) },
  stranger: { has: path => /^package\/stranger.*\.test\.js$/.test(path) },
  attacks: { has: path => /^attacks\/.*\.test\.js$/.test(path), measures: true },
  faults: { has: path => /^faults\/.*\.test\.js$/.test(path) && !LOADS.test(path), measures: true },
  load: { has: path => LOADS.test(path), alone: true },
};
