import type { BoardPeer } from './board-data.js';
import { personColor } from '../look/person-color.js';
import { toScreen } from './camera.js';
import type { BoardPoint } from './space.js';
import type { View } from './view.js';

/** Somebody's pointer on the board. */
interface Cursor {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  at: BoardPoint;
}

/**
 * The others' pointers, each with its name: elements moved by transform, so that they glide by
 * themselves between two positions. While the view moves they go with it at once.
 */
export class CursorLayer {
  readonly #root: HTMLElement;
  readonly #cursors = new Map<number, Cursor>();
  #view: View | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /**
   * Shows who points where.
   *
   * @param whereIs a peer's position on the board; undefined while they are elsewhere
   */
  follow(peers: readonly BoardPeer[], whereIs: (peer: BoardPeer) => BoardPoint | undefined): void {
    const here = new Set<number>();
    for (const peer of peers) {
      const at = peer.self ? undefined : whereIs(peer);
      if (at === undefined) continue;
      here.add(peer.peer);
      const known = this.#cursors.get(peer.peer);
      const cursor = known ?? this.#make(peer, at);
      if (cursor.label.textContent !== peer.person.name) cursor.label.textContent = peer.person.name;
      if (known !== undefined && known.at.x === at.x && known.at.y === at.y) continue;
      cursor.at = at;
      this.#place(cursor, known !== undefined);
    }
    for (const [peer, { element }] of this.#cursors) {
      if (here.has(peer)) continue;
      element.remove();
      this.#cursors.delete(peer);
    }
  }

  /** Follows the view. */
  show(view: View): void {
    if (this.#view?.camera === view.camera) return;
    this.#view = view;
    for (const cursor of this.#cursors.values()) this.#place(cursor, false);
  }

  #make({ peer, person }: BoardPeer, at: BoardPoint): Cursor {
    const element = document.createElement('div');
    element.className = 'cursor';
    element.style.setProperty('--_person', personColor(person.id));
    const label = document.createElement('span');
    label.className = 'cursor-name';
    label.dir = 'auto';
    element.append(label);
    this.#root.append(element);
    const cursor = { element, label, at };
    this.#cursors.set(peer, cursor);
    return cursor;
  }

  #place({ element, at }: Cursor, glides: boolean): void {
    if (this.#view === undefined) return;
    const { x, y } = toScreen(this.#view.camera, at);
    element.classList.toggle('gliding', glides);
    element.style.setProperty('transform', `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`);
  }
}
