import { html, nothing, type TemplateResult } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import type { Language } from '../words/languages.js';
import { dividerView } from './divider.js';
import { boardFailed } from './gate.js';
import type { Layout } from './layout.js';
import type { SketchLink } from './sketch-link.js';
import { type Half, tabsView } from './tabs.js';

export type View = 'both' | 'chat' | 'sketch';

/** The two halves of a room and how they share the place. */
export interface Halves {
  readonly view: View;
  readonly layout: Layout;
  readonly words: Language;
  readonly dir: 'ltr' | 'rtl';
  /** The one in front, where there is room for one. */
  readonly selected: Half;
  readonly unread: number;
  readonly sketch: SketchLink;
  readonly talk: TemplateResult;
  select(half: Half): void;
}

/** Which halves are to be seen. */
export function shownHalves(view: View, wide: boolean, selected: Half): readonly Half[] {
  if (view === 'chat') return ['talk'];
  if (view === 'sketch') return ['board'];
  return wide ? ['board', 'talk'] : [selected];
}

/** Board and talk, side by side or behind tabs. Both stay in place when the arrangement changes: a drawing is not begun anew. */
export function halvesView(halves: Halves): TemplateResult {
  const { view, layout, words, dir, selected, unread, sketch, talk, select } = halves;
  const wide = layout.arrangement === 'wide';
  const tabs = view === 'both' && !wide;
  const shown = shownHalves(view, wide, selected);
  const section = (half: Half, content: unknown, width?: number): TemplateResult =>
    html`<section
      class="half"
      id=${half}
      part=${half}
      role=${tabs ? 'tabpanel' : 'region'}
      aria-label=${words.say(half)}
      style=${styleMap(width === undefined ? {} : { flex: 'none', 'inline-size': `${width}px` })}
      ?hidden=${!shown.includes(half)}
    >
      ${content}
    </section>`;
  return html`${tabs ? tabsView({ words, selected, unread, select }) : nothing}
    <div class="halves">
      ${section('board', board(sketch, words))}
      ${shown.length === 2 ? dividerView(layout, dir, words.say('divider')) : nothing}
      ${section('talk', talk, shown.length === 2 ? layout.talkWidth : undefined)}
    </div>`;
}

function board(sketch: SketchLink, words: Language): TemplateResult | typeof nothing {
  if (sketch.state === 'failed') return boardFailed(words, () => void sketch.load());
  return sketch.state === 'loaded' ? sketch.view() : nothing;
}
