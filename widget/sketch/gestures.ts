import type { InkPoint } from '../../protocol/ink.js';
import { LIMITS } from '../../protocol/limits.js';
import { panned, toBoard, zoomedAbout, type Camera } from './camera.js';
import { DrawEvent, EraseEvent, InkBeginEvent, InkDropEvent, InkMoreEvent } from './events.js';
import { screenPoint, type BoardPoint, type ScreenPoint } from './space.js';
import type { Stage } from './stage.js';
import { StrokeRecorder, type Pen } from './stroke-recorder.js';

/** Where a pointer was, and how hard it pressed where that can be trusted. */
export interface Sample {
  readonly at: ScreenPoint;
  /** From 0 to 1. */
  readonly pressure?: number;
}

/** What one pointer does from press to release. */
export interface Gesture {
  /** @param expected where the pointer may be next: to be shown, never kept */
  move(samples: readonly Sample[], expected: readonly Sample[]): void;
  /** Released: what was done stays. */
  end(): void;
  /** It was meant otherwise: as if it had never begun. */
  cancel(): void;
}

/** Where gestures tell what they did. */
export type Tell = (event: Event) => void;

/** Draws a stroke; one too long for a shape goes on as another. */
export class DrawGesture implements Gesture {
  readonly #stage: Stage;
  readonly #tell: Tell;
  readonly #pressure: boolean;
  #recorder: StrokeRecorder;
  /** Where a stroke that is full ends, and the next one begins. */
  #last: InkPoint;

  constructor(stage: Stage, tell: Tell, pen: Pen, first: Sample) {
    this.#stage = stage;
    this.#tell = tell;
    this.#pressure = first.pressure !== undefined;
    this.#last = this.#ink(first);
    stage.hold();
    this.#recorder = this.#begin(pen);
  }

  move(samples: readonly Sample[], expected: readonly Sample[]): void {
    let points = samples.map(sample => this.#ink(sample));
    for (;;) {
      const { pieces, taken } = this.#recorder.add(points);
      for (const piece of pieces) this.#tell(new InkMoreEvent(piece));
      this.#last = points[taken - 1] ?? this.#last;
      points = points.slice(taken);
      if (points.length === 0) break;
      this.#keep();
      this.#recorder = this.#begin(this.#recorder.pen);
    }
    this.#stage.ink.draw(
      this.#recorder,
      expected.map(sample => this.#ink(sample)),
    );
    this.#stage.request();
  }

  end(): void {
    this.#keep();
    this.#stage.request();
  }

  cancel(): void {
    this.#stage.ink.drop();
    this.#stage.request();
    this.#tell(new InkDropEvent());
  }

  #begin(pen: Pen): StrokeRecorder {
    const recorder = new StrokeRecorder(pen, { zoom: this.#stage.camera.zoom, pressure: this.#pressure });
    this.#tell(new InkBeginEvent(recorder.begin(this.#last)));
    this.#stage.ink.draw(recorder, []);
    this.#stage.request();
    return recorder;
  }

  #keep(): void {
    const stroke = this.#recorder.finish();
    this.#stage.ink.finish(stroke, performance.now());
    this.#tell(new DrawEvent(stroke));
  }

  #ink({ at, pressure }: Sample): InkPoint {
    const { x, y } = toBoard(this.#stage.camera, at);
    return pressure === undefined ? { x, y } : { x, y, pressure };
  }
}

/** How near to the ink an eraser must come, in screen px. */
export const ERASER_RADIUS = 8;

/** How long erased shapes stay hidden while they are still on the board, in ms: an erasing that was refused shows them again. */
const ERASE_PATIENCE = 3_000;

/** Erases whole shapes on its way: each vanishes as it is touched, and all are told at the end. */
export class EraseGesture implements Gesture {
  readonly #stage: Stage;
  readonly #tell: Tell;
  readonly #erased = new Set<string>();
  #last: BoardPoint;

  constructor(stage: Stage, tell: Tell, first: Sample) {
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
    if (erased.length > 0)
      setTimeout(() => {
        this.#stage.unhide(erased);
      }, ERASE_PATIENCE);
  }

  cancel(): void {
    this.#stage.unhide(this.#erased);
  }
}

/** Moves the view with the pointer. */
export class PanGesture implements Gesture {
  readonly #stage: Stage;
  #last: ScreenPoint;

  constructor(stage: Stage, first: Sample) {
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

/** The camera after two fingers went from one pair of places to another: what was under each stays under it. */
export function pinched(
  camera: Camera,
  before: readonly [ScreenPoint, ScreenPoint],
  after: readonly [ScreenPoint, ScreenPoint],
): Camera {
  const from = middle(before);
  const to = middle(after);
  const moved = panned(camera, to.x - from.x, to.y - from.y);
  const spread = distance(before);
  return spread === 0 ? moved : zoomedAbout(moved, distance(after) / spread, to);
}

function middle([a, b]: readonly [ScreenPoint, ScreenPoint]): ScreenPoint {
  return screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}

function distance([a, b]: readonly [ScreenPoint, ScreenPoint]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
