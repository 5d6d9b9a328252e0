/** A point of the trace, in CSS pixels of a page. */
export interface TracePoint {
  readonly x: number;
  readonly y: number;
}

export const TRACE_SAMPLES = 240;
export const SAMPLES_PER_SECOND = 60;

/**
 * Four seconds of a pen at 60 Hz: cursive loops that run along a line, about 5 px from sample to
 * sample, with the tremor of a hand (two waves near 10 Hz, a third of a pixel). Always the same.
 */
export function penTrace(left: number, top: number): TracePoint[] {
  return Array.from({ length: TRACE_SAMPLES }, (_, sample) => {
    const seconds = sample / SAMPLES_PER_SECOND;
    const turn = seconds * 2 * Math.PI * 1.7;
    const size = 26 + 10 * Math.sin(turn / 5);
    return {
      x: left + sample * 1.2 + size * 0.8 * Math.cos(turn) + 0.35 * Math.sin(seconds * 2 * Math.PI * 9.3),
      y: top + size * Math.sin(turn) + 12 * Math.sin(turn / 3) + 0.35 * Math.sin(seconds * 2 * Math.PI * 10.7 + 1),
    };
  });
}
