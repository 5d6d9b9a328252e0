/**
 * The sketch, loaded when it is first needed: registers its element and names what others may use.
 */
import { ChalkSketch } from './sketch-element.js';

export * from './events.js';
export { ChalkSketch };
export type { ExportType } from './actions.js';
export type { BoardPeer, BoardShape } from './board-data.js';

/** Registers `<chalk-sketch>`; harmless when done twice, also by two copies of this script. */
export function defineSketch(): void {
  if (customElements.get('chalk-sketch') === undefined) customElements.define('chalk-sketch', ChalkSketch);
}

declare global {
  interface HTMLElementTagNameMap {
    'chalk-sketch': ChalkSketch;
  }
}
