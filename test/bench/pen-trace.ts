/** A point of the trace, in CSS pixels of a page. */
export interface TracePoint {
  readonly x: number;
  readonly y: number;
}

export const TRACE_SAMPLES = 240;
export const SAMPLES_PER_SECOND = 60;

/**
 * Four seconds of a pen at 60 Hz: cursive loops that run along a line, at the speed and with the unsteadiness of a hand (about
 * 6 px from sample to sample, as in real pen strokes). Always the same: the unsteadiness comes from a small generator, not from chance.
 */
export function penTrace(left: number, top: number): TracePoint[] {
  const points: TracePoint[] = [];
  let noise = 1;
  const tremble = (): number => {
    noise = (noise * 48_271) % 2_147_483_647;
    return noise / 2_147_483_647 - 0.5;
  };
  for (let sample = 0; sample < TRACE_SAMPLES; sample += 1) {
    const turn = (sample / SAMPLES_PER_SECOND) * 2 * Math.PI * 1.7;
    const size = 26 + 10 * Math.sin(turn / 5);
    points.push({
      x: left + sample * 1.2 + size * 0.8 * Math.cos(turn) + tremble(),
      y: top + size * Math.sin(turn) + 12 * Math.sin(turn / 3) + tremble(),
    });
  }
  return points;
}
