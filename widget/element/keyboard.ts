import type { LitElement } from 'lit';
import type { KeyboardSpace } from './keyboard-space.js';

/**
 * Keys that are typed inside stay inside: `t` in a message must not open the page's search. Escape
 * and Tab go on, because dialogs and focus traps of the page live by them.
 */
export function keepKeysInside(root: ShadowRoot): void {
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    root.addEventListener(type, event => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape' && event.key !== 'Tab') event.stopPropagation();
    });
  }
}

/** Keeps an element's composer above the keyboard on the screen, where fingers may bring one up. */
export async function loadKeyboardSpace(host: LitElement): Promise<KeyboardSpace | undefined> {
  if (!matchMedia('(any-pointer: coarse)').matches) return undefined;
  try {
    const { KeyboardSpace: Space } = await import('./keyboard-space.js');
    return new Space(host);
  } catch {
    // Without it the browser scrolls the composer into view, as it does for any field.
    return undefined;
  }
}
