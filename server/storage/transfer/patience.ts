import type { Patience } from '../postgres/connections.js';

/** What is copied may take its time; what it waits for is there soon, or not at all. In milliseconds, where 0 is for ever. */
export const COPYING: Patience = { connect: 10_000, lock: 10_000, statement: 0, idle: 0, answer: 0 };
