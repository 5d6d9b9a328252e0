import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Authorship } from './authorship.js';
import type { BoardPeer, BoardShape } from './board-data.js';
import { BoardInput, type BoardOwner } from './board-input.js';
import type { Appearance } from './shapes/index.js';
import { Stage } from './stage.js';
import { WhoLabel } from './who-label.js';

/** Whoever renders the element of the board, and has what is to be shown on it. */
interface BoardHost extends ReactiveControllerHost, BoardOwner {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly shapes: ReadonlyMap<string, BoardShape>;
  /** Whether `shapes` is what there is. */
  readonly loaded: boolean;
  readonly appearance: Appearance;
  /** Who drew a shape, in words. */
  authorOf(shape: BoardShape): Authorship;
}

/** What the controls around a board need to know of it. */
interface BoardSight {
  /** How many shapes can be seen. */
  readonly count: number;
  /** Whether there is nothing at all, no ink in progress either. */
  readonly blank: boolean;
  readonly zoom: number;
  /** In px. */
  readonly width: number;
}

/**
 * Opens the board when its element is there, closes it when that goes, and opens another where it
 * comes back: the stage, what pointers and keys do on it, and the label that says who drew what.
 * Its host renders anew when what the controls need to know has changed.
 */
export class BoardController implements ReactiveController {
  readonly #host: BoardHost;
  #peers: readonly BoardPeer[] = [];
  #stage: Stage | undefined;
  #input: BoardInput | undefined;
  #sight: BoardSight = { count: 0, blank: true, zoom: 1, width: Infinity };

  constructor(host: BoardHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Undefined while the board is closed. */
  get stage(): Stage | undefined {
    return this.#stage;
  }

  /** The board as it was last shown. */
  get sight(): BoardSight {
    return this.#sight;
  }

  get peers(): readonly BoardPeer[] {
    return this.#peers;
  }

  set peers(peers: readonly BoardPeer[]) {
    this.#peers = peers;
    this.#stage?.follow(peers);
  }

  /** What takes the focus. */
  get element(): HTMLElement | undefined {
    return this.#host.renderRoot.querySelector<HTMLElement>('.board') ?? undefined;
  }

  hostConnected(): void {
    this.#open();
  }

  hostUpdated(): void {
    this.#open();
    if (this.#stage !== undefined) this.#stage.appearance = this.#host.appearance;
  }

  hostDisconnected(): void {
    this.#input?.close();
    this.#stage?.close();
    this.#input = this.#stage = undefined;
  }

  /** Shows what lies on the board now, once that is known. */
  showShapes(): void {
    if (this.#host.loaded) this.#stage?.update(this.#host.shapes);
  }

  /** Drops what a pointer is doing; for when it is no longer allowed. */
  cancelInput(): void {
    this.#input?.cancel();
  }

  /** Before the first rendering there is no element yet. */
  #open(): void {
    const { element } = this;
    if (element === undefined || this.#stage !== undefined) return;
    const stage = new Stage(element, this.#host.appearance, () => this.#look());
    stage.follow(this.#peers);
    const who = new WhoLabel(stage, element, ({ shape }) => this.#host.authorOf(shape));
    this.#stage = stage;
    this.#input = new BoardInput(element, stage, this.#host, who);
    this.showShapes();
  }

  #look(): void {
    if (this.#stage === undefined) return;
    const { drawing, ink, camera, size } = this.#stage;
    const before = this.#sight;
    const blank = drawing.size === 0 && ink.isEmpty;
    const sight: BoardSight = { count: drawing.size, blank, zoom: camera.zoom, width: size.width };
    this.#sight = sight;
    const same = sight.count === before.count && blank === before.blank && sight.zoom === before.zoom;
    if (!same || sight.width !== before.width) this.#host.requestUpdate();
  }
}
