import { html, nothing, type TemplateResult } from 'lit';
import { styleProperties } from '../look/style-properties.js';
import type { Language } from '../words/languages.js';
import type { BoardLoader } from './board-loader.js';
import type { Scene } from './scene.js';
import { type Half, tabsView } from './tabs.js';

export type View = 'both' | 'chat' | 'sketch';

/** The two halves of a room and how they share the place. */
export interface Halves {
  readonly view: View;
  readonly scene: Scene;
  /** The one in front, where there is room for one. */
  readonly selected: Half;
  readonly unread: number;
  readonly board: BoardLoader;
  readonly talk: TemplateResult;
  readonly select: (half: Half) => void;
}

/** Which halves are to be seen. */
export function shownHalves(view: View, wide: boolean, selected: Half): readonly Half[] {
  if (view === 'chat') return ['talk'];
  if (view === 'sketch') return ['board'];
  return wide ? ['board', 'talk'] : [selected];
}

/**
 * Board and talk, side by side or behind tabs. Both stay in place when the arrangement changes: a
 * drawing is not begun anew.
 */
export function halvesView(halves: Halves): TemplateResult {
  const { view, scene, selected, unread, board, talk, select } = halves;
  const { layout, language, dir } = scene;
  const wide = layout.arrangement === 'wide';
  const tabs = view !== 'chat' && view !== 'sketch' && !wide;
  const shown = shownHalves(view, wide, selected);
  const section = (half: Half, content: unknown, width?: number): TemplateResult =>
    html`<section
      class="half"
      id=${half}
      part=${half}
      role=${tabs ? 'tabpanel' : 'region'}
      aria-label=${language.say(half)}
      style=${styleProperties(width === undefined ? {} : { flex: 'none', 'inline-size': `${width}px` })}
      ?hidden=${!shown.includes(half)}
    >
      ${content}
    </section>`;
  return html`${tabs ? tabsView({ language, selected, unread, select }) : nothing}
    <div class="halves">
      ${section('board', boardView(board, language))}
      ${shown.length === 2 ? board.half?.divider(layout, dir, language.say('divider')) : nothing}
      ${section('talk', talk, shown.length === 2 ? layout.talkWidth : undefined)}
    </div>`;
}

function boardView(board: BoardLoader, { say }: Language): TemplateResult | undefined {
  if (!board.failed) return board.half?.view();
  return html`<p class="failed" role="alert">
    ${say('boardFailed')}
    <button type="button" @click=${() => void board.load()}>${say('tryAgain')}</button>
  </p>`;
}
