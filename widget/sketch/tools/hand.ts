/**
 * Moves the view. Whoever may not draw has this one, and every tool gives way to it while the space
 * bar is held.
 */
import { panned } from '../camera.js';
import type { Gesture, Sample } from '../gesture.js';
import { hand as icon } from '../icons.js';
import type { ScreenPoint } from '../space.js';
import type { Stage } from '../stage.js';
import type { GestureContext, Tool } from './tool.js';

export const hand: Tool = {
  name: 'hand',
  icon,
  key: 'h',
  cursor: 'grab',
  cursorPressed: 'grabbing',
  changesBoard: false,
  penFirst: false,
  tellsCursor: true,
  begin: (first, context) => new PanGesture(first, context),
};

/** Moves the view with the pointer. */
class PanGesture implements Gesture {
  readonly #stage: Stage;
  #last: ScreenPoint;

  constructor(first: Sample, { stage }: GestureContext) {
    this.#stage = stage;
    this.#last = first.at;
  }

  move(samples: readonly Sample[]): void {
    const at = samples.at(-1)?.at ?? this.#last;
    this.#stage.move(panned(this.#stage.camera, at.x - this.#last.x, at.y - this.#last.y));
    this.#last = at;
  }

  end(): void {
    // The view stays where it is.
  }

  cancel(): void {
    // A view that has moved does not jump back.
  }
}
