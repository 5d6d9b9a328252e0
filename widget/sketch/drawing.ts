import RBush from 'rbush';
import { type Box, NOWHERE, padded } from '../../protocol/shapes/box.js';
import type { BoardShape } from './board-data.js';
import { type Figure, type ShapeViews, viewOf } from './shapes/index.js';
import { type BoardPoint, isEmpty, joined, meets } from './space.js';

/** A shape that lies on the board, ready to be painted: its box is that of its figure. */
export interface Mark extends Box {
  readonly shape: BoardShape;
  readonly figure: Figure;
  /** Higher lies above lower. */
  readonly order: number;
}

/** What became of the drawing, as what has to be painted. */
export interface Change {
  /** So much that everything is better painted anew; then the others are empty. */
  readonly whole: boolean;
  /** Marks to be painted on top of everything, lowest first. */
  readonly onTop: readonly Mark[];
  /** Boxes to be painted anew. */
  readonly damage: readonly Box[];
}

/** Past so many marks at once it is not worth finding out what each of them covers. */
const PIECEMEAL = 100;

/** Pending shapes lie above all that the server has numbered. */
const PENDING = 2 ** 40;

/**
 * What lies on the board, and where: it follows the shapes that the panel is given, answers what is
 * in a box or under a point, and says after each update what has to be painted. Pure: no canvas, no
 * clock.
 */
export class Drawing {
  readonly #views: ShapeViews | undefined;
  readonly #marks = new Map<string, Mark>();
  /** What is here and can't be seen. */
  readonly #hidden = new Set<string>();
  #covered: string | undefined;
  /** What has been read, but is not on the board yet. */
  readonly #read = new Map<BoardShape, Figure>();
  readonly #index = new RBush<Mark>();
  #pendingOrder = PENDING;

  /** @param views of the kinds of shapes; default: those that are known here */
  constructor(views?: ShapeViews) {
    this.#views = views;
  }

  /** How many shapes can be seen. */
  get size(): number {
    return this.#marks.size - this.#hidden.size;
  }

  /** The box around everything that can be seen; NOWHERE on an empty board. */
  get bounds(): Box {
    return this.#index.all().reduce<Box>(joined, NOWHERE);
  }

  /** A shape that is here, be it hidden. */
  get(id: string): Mark | undefined {
    return this.#marks.get(id);
  }

  /**
   * Reads shapes ahead of `update`, since many thousand of them take longer than a frame has.
   *
   * @param isEnough whether to stop
   * @returns whether all have been read
   */
  prepare(shapes: ReadonlyMap<string, BoardShape>, isEnough: () => boolean): boolean {
    for (const [id, shape] of shapes) {
      if (this.#marks.has(id) || this.#read.has(shape)) continue;
      if (isEnough()) return false;
      this.#read.set(shape, this.#figureOf(shape));
    }
    return true;
  }

  /** Follows the shapes to what they are now. */
  update(shapes: ReadonlyMap<string, BoardShape>): Change {
    const removed: Mark[] = [];
    const added: Mark[] = [];
    const damage: Box[] = [];
    for (const [id, mark] of this.#marks) {
      if (!shapes.has(id)) removed.push(mark);
    }
    for (const [id, shape] of shapes) {
      const mark = this.#marks.get(id);
      if (mark?.shape === shape) continue;
      if (mark === undefined) added.push(this.#newMark(shape));
      else if (this.#looksAlike(mark.shape, shape)) this.#renew(mark, shape, damage);
      else {
        removed.push(mark);
        added.push(this.#newMark(shape));
      }
    }
    for (const mark of removed) {
      this.#marks.delete(mark.shape.id);
      if (this.#hidden.delete(mark.shape.id)) continue;
      this.#index.remove(mark);
      damage.push(mark);
    }
    this.#read.clear();
    for (const mark of added) {
      this.#marks.set(mark.shape.id, mark);
      if (isEmpty(mark)) this.#hidden.add(mark.shape.id);
    }
    const shown = added.filter(mark => !isEmpty(mark));
    this.#index.load(shown);
    if (shown.length + damage.length > PIECEMEAL) return { whole: true, onTop: [], damage: [] };
    const onTop = shown.filter(mark => !this.#isCovered(mark) && !damage.some(box => meets(box, mark)));
    const below = new Set(onTop);
    damage.push(...shown.filter(mark => !below.has(mark)));
    return { whole: false, onTop: onTop.sort(byOrder), damage };
  }

  /**
   * Takes shapes out of sight while they are still among those given: what an eraser does before
   * its command is sent.
   */
  hide(ids: Iterable<string>): Change {
    const damage: Box[] = [];
    for (const id of ids) {
      const mark = this.#marks.get(id);
      if (mark === undefined || this.#hidden.has(id)) continue;
      this.#hidden.add(id);
      this.#index.remove(mark);
      damage.push(mark);
    }
    return { whole: false, onTop: [], damage };
  }

  /** Brings hidden shapes back into sight, those that are still here. */
  show(ids: Iterable<string>): Change {
    const damage: Box[] = [];
    for (const id of ids) {
      const mark = this.#marks.get(id);
      if (mark === undefined || isEmpty(mark) || !this.#hidden.delete(id)) continue;
      this.#index.insert(mark);
      damage.push(mark);
    }
    return { whole: false, onTop: [], damage };
  }

  /**
   * Takes one shape out of sight for as long as it is named, be it here already or to come: it is
   * shown in another way.
   */
  cover(id: string | undefined): Change {
    const last = this.#covered;
    this.#covered = id;
    const shown = last === undefined || last === id ? [] : this.show([last]).damage;
    const hidden = id === undefined ? [] : this.hide([id]).damage;
    return { whole: false, onTop: [], damage: [...shown, ...hidden] };
  }

  /** The marks that may show in a box, lowest first. */
  within(box: Box): Mark[] {
    return this.#index.search(box).sort(byOrder);
  }

  /** Everything, lowest first. */
  all(): Mark[] {
    return this.#index.all().sort(byOrder);
  }

  /** The marks that come within `radius` of the way between two points, lowest first. */
  along(from: BoardPoint, to: BoardPoint, radius: number): Mark[] {
    const way: Box = {
      minX: Math.min(from.x, to.x),
      minY: Math.min(from.y, to.y),
      maxX: Math.max(from.x, to.x),
      maxY: Math.max(from.y, to.y),
    };
    return this.within(padded(way, radius)).filter(({ figure }) => figure.touches(from, to, radius));
  }

  #newMark(shape: BoardShape): Mark {
    const figure = this.#read.get(shape) ?? this.#figureOf(shape);
    return { shape, figure, order: this.#orderOf(shape), ...figure.box };
  }

  #figureOf(shape: BoardShape): Figure {
    return viewOf(shape.kind, this.#views).read(shape);
  }

  #looksAlike(a: BoardShape, b: BoardShape): boolean {
    return a.kind === b.kind && viewOf(a.kind, this.#views).looksAlike(a, b);
  }

  #orderOf(shape: BoardShape): number {
    return shape.pending ? (this.#pendingOrder += 1) : shape.seq;
  }

  /**
   * The same to look at, under a new entry: it may have moved up or down, and only what it passed
   * has to be painted.
   */
  #renew(mark: Mark, shape: BoardShape, damage: Box[]): void {
    const order = shape.pending && mark.shape.pending ? mark.order : this.#orderOf(shape);
    const renewed: Mark = { ...mark, shape, order };
    this.#marks.set(shape.id, renewed);
    if (this.#hidden.has(shape.id)) return;
    const passes = (other: Mark): boolean => (other.order - order) * (other.order - mark.order) < 0;
    this.#index.remove(mark);
    if (this.#index.search(mark).some(passes)) damage.push(mark);
    this.#index.insert(renewed);
  }

  #isCovered(mark: Mark): boolean {
    return this.#index.search(mark).some(other => other.order > mark.order);
  }
}

function byOrder(a: Mark, b: Mark): number {
  return a.order - b.order;
}
