/**
 * Keys that are typed inside stay inside: `t` in a message must not open the page's search. Escape and Tab go on, because dialogs and
 * focus traps of the page live by them.
 */
export function keepKeysInside(root: ShadowRoot): void {
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    root.addEventListener(type, event => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape' && event.key !== 'Tab') event.stopPropagation();
    });
  }
}
