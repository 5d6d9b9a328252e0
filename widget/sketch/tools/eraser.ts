/** Erases whole shapes. */
import { LIMITS } from '../../../protocol/limits.js';
import { toBoard } from '../camera.js';
import { EraseEvent } from '../events.js';
import type { Gesture, Sample } from '../gesture.js';
import { eraser as icon } from '../icons.js';
import type { BoardPoint } from '../space.js';
import type { Stage } from '../stage.js';
import type { GestureContext, Tool } from './tool.js';

export const eraser: Tool = {
  name: 'eraser',
  icon,
  key: 'e',
  cursor: 'cell',
  changesBoard: true,
  penFirst: true,
  tellsCursor: true,
  begin: (first, context) => new EraseGesture(first, context),
};

/** How near to the ink an eraser must come, in screen px. */
const ERASER_RADIUS = 8;

/**
 * How long erased shapes stay hidden while they are still on the board, in ms: an erasing that was
 * refused shows them again.
 */
const ERASE_PATIENCE = 3_000;

/** Erases whole shapes on its way: each vanishes as it is touched, and all are told at the end. */
class EraseGesture implements Gesture {
  readonly #stage: Stage;
  readonly #tell: (event: Event) => void;
  readonly #erased = new Set<string>();
  #last: BoardPoint;

  constructor(first: Sample, { stage, tell }: GestureContext) {
    this.#stage = stage;
    this.#tell = tell;
    this.#last = toBoard(stage.camera, first.at);
    this.move([first]);
  }

  move(samples: readonly Sample[]): void {
    const { camera, drawing } = this.#stage;
    const touched = new Set<string>();
    for (const sample of samples) {
      const at = toBoard(camera, sample.at);
      for (const { shape } of drawing.along(this.#last, at, ERASER_RADIUS / camera.zoom)) touched.add(shape.id);
      this.#last = at;
    }
    if (touched.size === 0) return;
    for (const id of touched) this.#erased.add(id);
    this.#stage.hide(touched);
  }

  end(): void {
    const erased = [...this.#erased];
    for (let from = 0; from < erased.length; from += LIMITS.shapesPerCommand) {
      this.#tell(new EraseEvent(erased.slice(from, from + LIMITS.shapesPerCommand)));
    }
    if (erased.length > 0) setTimeout(() => this.#stage.unhide(erased), ERASE_PATIENCE);
  }

  cancel(): void {
    this.#stage.unhide(this.#erased);
  }
}
