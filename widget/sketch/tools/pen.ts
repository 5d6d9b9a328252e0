/** Draws freehand. */
import { toBoard } from '../camera.js';
import { DrawEvent, InkBeginEvent, InkDropEvent, InkMoreEvent } from '../events.js';
import type { Gesture, Sample } from '../gesture.js';
import { pencil } from '../icons.js';
import type { Stage } from '../stage.js';
import { type Pen, StrokeRecorder, type TimedPoint } from '../stroke-recorder.js';
import { penSettings } from './pen-settings.js';
import type { GestureContext, Tool } from './tool.js';

export const pen: Tool = {
  name: 'pen',
  icon: pencil,
  key: 'p',
  cursor: 'crosshair',
  changesBoard: true,
  penFirst: true,
  // The ink itself shows where it is.
  tellsCursor: false,
  settings: penSettings,
  begin: (first, context) => new DrawGesture(first, context),
};

/** Draws a stroke; one too long for a shape goes on as another. */
class DrawGesture implements Gesture {
  readonly #stage: Stage;
  readonly #tell: (event: Event) => void;
  readonly #pressure: boolean;
  #recorder: StrokeRecorder;
  /** Where a stroke that is full ends, and the next one begins. */
  #last: TimedPoint;

  constructor(first: Sample, { stage, tell, tools: { pen } }: GestureContext) {
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
    const { shape, times } = this.#recorder.finish();
    this.#stage.ink.finish(shape, performance.now());
    this.#tell(new DrawEvent(shape, times));
  }

  #ink({ at, time, pressure }: Sample): TimedPoint {
    const { x, y } = toBoard(this.#stage.camera, at);
    return pressure === undefined ? { x, y, time } : { x, y, time, pressure };
  }
}
