/** One visit to a room: somebody comes, talks, draws, takes back, reads on, and goes. */
import { encodeInk, InkEncoder, type InkPoint } from '../../protocol/ink.js';
import { newShapeId } from '../../protocol/names.js';
import type { StrokeForm } from '../../protocol/shapes/stroke.js';
import { Connections, type RoomSession } from '../../widget/session/index.js';
import type { Chance } from '../faults/chance.js';
import type { Tally } from './tally.js';
import { stroke } from '../support/strokes.js';

/** Milliseconds between two things that one person does, where nobody is in a hurry. */
export const BETWEEN = { least: 2_000, most: 8_000 };

/**
 * Live frames of one stroke, and milliseconds from one to the next, which no pace changes: it is
 * how fast a hand draws.
 */
const FRAMES = 12;
const FRAME = 33;

/** Ink in halves of a unit, without pressure. */
const FORMAT = { scale: -1, pressure: false } as const;
const LOOK = { color: 'green', width: 3 } as const;

export interface VisitOptions {
  readonly server: string;
  readonly site: string;
  readonly room: string;
  readonly getToken: () => Promise<string>;
  readonly transports: readonly ('websocket' | 'polling')[];
  readonly chance: Chance;
  readonly tally: Tally;
  /** How many times faster than in an unhurried room things are done. */
  readonly pace: number;
}

export class Visit {
  readonly #options: VisitOptions;
  readonly #session: RoomSession;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(options: VisitOptions) {
    this.#options = options;
    const { server, site, room, getToken, transports, tally } = options;
    this.#session = new Connections().room({ server, site, room, getToken, transports });
    this.#session.onRefused(({ refusal }) => tally.count(`refused: ${refusal.code}`));
    tally.count('visits');
    this.#next();
  }

  /** Goes, in the middle of whatever it is. */
  end(): void {
    clearTimeout(this.#timer);
    this.#session.close();
  }

  #next(): void {
    const { chance, pace } = this.#options;
    this.#after(chance.between(BETWEEN.least, BETWEEN.most) / pace, () => {
      if (!this.#act()) this.#next();
    });
  }

  #after(delay: number, task: () => void): void {
    this.#timer = setTimeout(task, delay);
  }

  /** @returns whether it goes on by itself */
  #act(): boolean {
    const { chance, tally } = this.#options;
    const session = this.#session;
    const dice = chance.next();
    if (dice < 0.3) {
      tally.count('messages');
      this.#count += 1;
      session.typing(true);
      session.send(`The ${this.#count}th thing that I have to say about this. `.repeat(chance.between(1, 4)));
    } else if (dice < 0.75) {
      tally.count('strokes');
      this.#draw();
      return true;
    } else if (dice < 0.83) {
      const id = chance.pick([...session.board.shapes.keys()]);
      if (id !== undefined) {
        tally.count('erasures');
        session.erase([id]);
      }
    } else if (dice < 0.91) {
      tally.count('undos');
      if (session.canUndo) session.undo();
    } else {
      tally.count('readings');
      const last = session.messages.at(-1)?.seq;
      if (last !== undefined) session.markRead(last);
      if (session.history.more) void session.loadHistory();
      session.cursor({ x: chance.between(0, 500), y: chance.between(0, 500) });
    }
    return false;
  }

  #draw(): void {
    const { chance, tally } = this.#options;
    const [id, points] = [newShapeId(), pointsOf(chance)];
    const encoder = new InkEncoder(FORMAT);
    const step = points.length / (FRAMES + 1);
    const begin = encoder.add(points.slice(0, step));
    this.#session.inkBegin([id, LOOK.color, LOOK.width, FORMAT.scale, 0, begin]);
    const more = (frame: number) => {
      if (frame > FRAMES) {
        this.#session.draw(stroke({ id, ...LOOK, ...FORMAT, points: encodeInk(points, FORMAT) }));
        this.#next();
        return;
      }
      tally.count('live frames');
      this.#session.inkMore(encoder.add(points.slice(frame * step, (frame + 1) * step)));
      this.#after(FRAME, () => more(frame + 1));
    };
    this.#after(FRAME, () => more(1));
  }
}

/** A stroke, whole. */
export function newStroke(chance: Chance): StrokeForm {
  return stroke({ ...LOOK, ...FORMAT, points: encodeInk(pointsOf(chance), FORMAT) });
}

/** Three for each frame. */
function pointsOf(chance: Chance): InkPoint[] {
  const count = 3 * (FRAMES + 1);
  return Array.from({ length: count }, () => ({ x: chance.between(0, 800), y: chance.between(0, 500) }));
}
