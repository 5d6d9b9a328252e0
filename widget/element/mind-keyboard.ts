import type { LitElement } from 'lit';
import type { KeyboardSpace } from './keyboard-space.js';

/** Keeps an element's composer above the keyboard on the screen, where fingers may bring one up. */
export async function mindKeyboard(host: LitElement): Promise<KeyboardSpace | undefined> {
  if (!matchMedia('(any-pointer: coarse)').matches) return undefined;
  try {
    const { KeyboardSpace: Space } = await import('./keyboard-space.js');
    return new Space(host);
  } catch {
    // Without it the browser scrolls the composer into view, as it does for any field.
    return undefined;
  }
}
