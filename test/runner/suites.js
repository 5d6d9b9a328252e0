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
 * @property {boolean} [waits] its files wait more than they work, so that as many of them run at
 *   once as there are cores
 */

/** @type {Readonly<Record<string, Suite>>} */
export const SUITES = {
  server: {
    has: path => /^(protocol|server)\/.*\.test\.js$/.test(path) || path.endsWith('.node.test.js'),
    waits: true,
  },
  journey: { has: path => /^journey\/.*\.test\.js$/.test(path) },
  package: { has: path => /^package\/(?!stranger).*\.test\.js$/.test(path) },
  stranger: { has: path => /^package\/stranger.*\.test\.js$/.test(path) },
  attacks: { has: path => /^attacks\/.*\.test\.js$/.test(path), measures: true },
  faults: { has: path => /^faults\/.*\.test\.js$/.test(path) && !LOADS.test(path), measures: true },
  load: { has: path => LOADS.test(path), alone: true },
};
