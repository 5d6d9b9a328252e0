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
  /**
   * Moves the focus to where one writes or draws; undefined while it is not known what there is to
   * do.
   */
  readonly focus: (() => void) | undefined;
}
