import { html, type TemplateResult } from 'lit';
import type { View } from '../halves.js';
import type { Scene } from '../scene.js';

/** Where the bubble stands, by the writing direction. */
export type Corner = 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start';

/** What a bubble is shown with. */
export interface BubbleSetting {
  readonly open: boolean;
  readonly corner: Corner;
  readonly view: View;
  /** The room, as people read it. */
  readonly title: string;
  /** Messages of others that were not read yet. */
  readonly unread: number;
  readonly scene: Scene;
  /** The visitor opens or closes the panel. */
  readonly turn: (open: boolean) => void;
  /** Moves the focus to where one writes or draws; undefined while it is not known what there is to do. */
  readonly focus: (() => void) | undefined;
}

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
 * The room, in the panel of a bubble where there is a setting for one. Its elements stay what they are when that changes: nothing that is
 * being written or drawn is lost.
 */
export function bubbleView(setting: BubbleSetting | undefined, room: unknown): TemplateResult {
  return html`<chalk-bubble exportparts="button, badge, panel, close" .setting=${setting}>${room}</chalk-bubble>`;
}
