/**
 * The process of those who draw and of those who look, all with the widget's own session: from a
 * pen's sample until it can be painted elsewhere.
 */
import { InkEncoder } from '../../../protocol/ink.js';
import { newShapeId } from '../../../protocol/names.js';
import { connect, type RoomSession } from '../../../widget/session/index.js';
import { answerParent } from '../ask.js';
import { penTrace, SAMPLES_PER_SECOND } from '../pen-trace.js';
import { SITE } from './dialect.js';
import { Latencies, type LatencyReport } from './latencies.js';
import { stroke as shapeOf } from '../../support/strokes.js';

/** Someone with a pen at one server, and someone who looks at another one. */
export interface Pair {
  readonly pen: Place;
  readonly eye: Place;
}

export interface Place {
  /** The server's origin. */
  readonly url: string;
  readonly token: string;
}

const FORMAT = { scale: -2, pressure: false } as const;

interface Sample {
  readonly at: number;
  /** Characters of the stroke when it was drawn. */
  readonly end: number;
}

const seen = new Latencies();
const closers: (() => void)[] = [];

/** One stroke, and what of it was not seen yet. */
class Stroke {
  readonly id = newShapeId();
  readonly samples: Sample[] = [];
  points = '';
  readonly #encoder = new InkEncoder(FORMAT);

  add(x: number, y: number): string {
    const piece = this.#encoder.add([{ x, y }]);
    this.points += piece;
    this.samples.push({ at: performance.now(), end: this.points.length });
    return piece;
  }

  /** So many characters of it are to be seen. */
  seen(characters: number): void {
    const now = performance.now();
    for (let next = this.samples[0]; next && next.end <= characters; next = this.samples[0]) {
      seen.add(now - next.at);
      this.samples.shift();
    }
  }
}

const answers = {
  /** Lets all of them into a room. */
  async open(room: string, pairs: readonly Pair[]): Promise<void> {
    const enter = async ({ url, token }: Place): Promise<RoomSession> => {
      const session = connect({ server: url, site: SITE, room, getToken: () => Promise.resolve(token) });
      closers.push(() => session.close());
      await new Promise<void>(resolve => {
        const unsubscribe = session.subscribe(() => {
          if (session.status !== 'connected') return;
          queueMicrotask(() => unsubscribe());
          resolve();
        });
      });
      return session;
    };
    for (const { pen, eye } of pairs) pair(await enter(pen), await enter(eye));
  },
  mark: () => seen.clear(),
  read: (): LatencyReport => seen.report(),
  close: () => {
    for (const close of closers) close();
  },
};
export type PensAnswers = typeof answers;

/** Draws one stroke after the other, at 60 Hz, and looks when the other one sees each sample. */
function pair(pen: RoomSession, eye: RoomSession): void {
  const strokes = new Map<string, Stroke>();
  const look = () => {
    for (const { ink } of eye.peers) if (ink) strokes.get(ink[0])?.seen(ink[5].length);
    for (const stroke of strokes.values()) {
      // What came with the finished stroke alone is seen then.
      if (!eye.board.shapes.has(stroke.id)) continue;
      stroke.seen(Infinity);
      strokes.delete(stroke.id);
    }
  };
  closers.push(eye.subscribe(look));
  const trace = penTrace(0, 0);
  let stroke = new Stroke();
  let sample = 0;
  const timer = setInterval(() => {
    const { x, y } = trace[sample % trace.length] ?? { x: 0, y: 0 };
    const piece = stroke.add(x, y);
    if (stroke.samples.length === 1 && stroke.points === piece) {
      strokes.set(stroke.id, stroke);
      pen.inkBegin([stroke.id, 'blue', 4, FORMAT.scale, 0, piece]);
    } else pen.inkMore(piece);
    sample += 1;
    if (sample % trace.length > 0) return;
    const { id, points } = stroke;
    pen.draw(shapeOf({ id, ...FORMAT, points }));
    stroke = new Stroke();
  }, 1_000 / SAMPLES_PER_SECOND);
  closers.push(() => clearInterval(timer));
}

answerParent(answers);
