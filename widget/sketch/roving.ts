/**
 * One tab stop for a group of controls, and arrow keys within it, as the ARIA practices ask of
 * toolbars and radio groups.
 */

/**
 * Leaves one control of the group in the tab order: the one with the focus, else the checked one,
 * else the first.
 */
export function setTabStop(group: Element): void {
  const controls = controlsOf(group);
  const focused = controls.find(control => control.matches(':focus'));
  const last = controls.find(control => control.tabIndex === 0 && control.hasAttribute('tabindex'));
  const checked = controls.find(control => control.getAttribute('aria-checked') === 'true');
  const stop = focused ?? checked ?? last ?? controls[0];
  for (const control of controls) control.tabIndex = control === stop ? 0 : -1;
}

/** Moves the focus by an arrow, Home or End key; in a radio group what is reached is chosen. */
export function rove(event: KeyboardEvent): void {
  const group = event.currentTarget;
  if (!(group instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
  const controls = controlsOf(group);
  const at = controls.findIndex(control => control.matches(':focus'));
  const to = destination(event.key, at, controls.length, getComputedStyle(group).direction === 'rtl');
  const control = to === undefined ? undefined : controls.at(to % controls.length);
  if (at < 0 || control === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  control.focus();
  if (group.getAttribute('role') === 'radiogroup') control.click();
  setTabStop(group);
}

function destination(key: string, at: number, count: number, rtl: boolean): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return rtl ? at - 1 : at + 1;
    case 'ArrowLeft':
      return rtl ? at + 1 : at - 1;
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function controlsOf(group: Element): HTMLButtonElement[] {
  return [...group.querySelectorAll('button')].filter(button => !button.disabled);
}
