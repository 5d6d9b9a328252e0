import { html, type TemplateResult } from 'lit';
import type { BubbleSetting } from './bubble-setting.js';

/** Loads the bubble; where it can't be had it is tried again with the next change. */
export async function loadBubble(): Promise<void> {
  try {
    const { defineBubble } = await import('./bubble.js');
    defineBubble();
  } catch {
    // Nothing else depends on it.
  }
}

/**
 * The room, in the panel of a bubble where there is a setting for one. Its elements stay what they
 * are when that changes: nothing that is being written or drawn is lost.
 */
export function bubbleView(setting: BubbleSetting | undefined, room: unknown): TemplateResult {
  return html`<chalk-bubble exportparts="button, badge, panel, close" .setting=${setting}>${room}</chalk-bubble>`;
}
