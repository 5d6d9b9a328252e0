/**
 * What was not taken: in words, and with what can be done about it. Loaded once one is in a room,
 * before it is needed.
 */
import { Failure } from './failure.js';

export { sayReason } from './reasons.js';

/** Registers `<chalk-failure>`; harmless when done twice. */
export function defineFailure(): void {
  if (!customElements.get('chalk-failure')) customElements.define('chalk-failure', Failure);
}
