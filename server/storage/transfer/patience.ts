import type { Patience } from '../postgres/connections.js';

/** A statement may take as long as a large table needs. Connections and locks are there soon, or not at all. In milliseconds; 0 is for ever. */
export const COPYING: Patience = { connect: 10_000, lock: 10_000, statement: 0, idle: 0, answer: 0 };
