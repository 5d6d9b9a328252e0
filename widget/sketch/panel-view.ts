import { html, type TemplateResult } from 'lit';
import { styleProperties } from '../look/style-properties.js';
import { INK_COLORS, INK_WIDTHS, type InkColor } from '../../protocol/ink.js';
import { icon } from '../look/icon.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import type { Act, ExportType, Panel } from './actions.js';
import { check } from './icons.js';
import { inkCss, isNamed } from './ink-palette.js';
import { rove } from './roving.js';
import type { Pen } from './stroke-recorder.js';
import { shownSize } from './tools-view.js';

/** What an open panel shows. */
export interface PanelModel {
  readonly say: Say<SketchKey>;
  readonly act: Act;
  readonly pen: Pen;
  readonly dark: boolean;
}

const SIZE_WORDS = ['size0', 'size1', 'size2', 'size3'] as const satisfies readonly SketchKey[];

/** The panel above the tools: what the pen is set to, the kinds of copies, or the question before the board is cleared. */
export function panelView(panel: Panel, model: PanelModel): TemplateResult {
  const { say } = model;
  switch (panel) {
    case 'pen':
      return frame(panel, say('penOptions'), html`${colors(model)}${sizes(model)}`);
    case 'export':
      return frame(panel, say('export'), html`${copy(model, 'png')}${copy(model, 'svg')}`);
    case 'clear':
      return frame(panel, say('clear'), question(model));
  }
}

function frame(panel: Panel, name: string, content: TemplateResult): TemplateResult {
  return html`<div class="panel panel-${panel}" role="dialog" aria-label=${name}>${content}</div>`;
}

function colors({ say, act, pen, dark }: PanelModel): TemplateResult {
  const free = isNamed(pen.color) ? undefined : pen.color;
  return html`<div class="colors">
    <div class="choices" role="radiogroup" aria-label=${say('color')} @keydown=${rove}>
      ${INK_COLORS.map(
        color =>
          html`<button
            type="button"
            class="choice"
            role="radio"
            data-color=${color}
            title=${say(color)}
            aria-label=${say(color)}
            aria-checked=${String(pen.color === color)}
            @click=${() => {
              act({ type: 'pen', pen: { color } });
            }}
          >
            <span class="swatch" style=${styleProperties({ '--_ink': inkCss(color, dark) })}
              >${pen.color === color ? icon(check, 14) : ''}</span
            >
          </button>`,
      )}
    </div>
    <label class="choice free" title=${say('otherColor')} ?data-checked=${free !== undefined}>
      <input
        type="color"
        aria-label=${say('otherColor')}
        .value=${free ?? inkCss(pen.color, dark)}
        @input=${(event: Event) => {
          const { target } = event;
          if (target instanceof HTMLInputElement) act({ type: 'pen', pen: { color: freeColor(target.value) } });
        }}
      />
      <span
        class="swatch"
        style=${free === undefined ? styleProperties({}) : styleProperties({ '--_ink': inkCss(free, dark), background: 'var(--_ink)' })}
      ></span>
    </label>
  </div>`;
}

function freeColor(value: string): InkColor {
  return `#${value.toLowerCase().slice(1)}`;
}

function sizes({ say, act, pen, dark }: PanelModel): TemplateResult {
  return html`<div class="choices" role="radiogroup" aria-label=${say('size')} @keydown=${rove}>
    ${INK_WIDTHS.map((width, index) => {
      const name = say(SIZE_WORDS[index] ?? 'size');
      const size = `${String(shownSize(width))}px`;
      return html`<button
        type="button"
        class="choice"
        role="radio"
        data-width=${width}
        title=${name}
        aria-label=${name}
        aria-checked=${String(pen.width === width)}
        @click=${() => {
          act({ type: 'pen', pen: { width } });
        }}
      >
        <span
          class="swatch"
          style=${styleProperties({ '--_ink': inkCss(pen.color, dark), 'inline-size': size, 'block-size': size })}
        ></span>
      </button>`;
    })}
  </div>`;
}

function copy({ say, act }: PanelModel, as: ExportType): TemplateResult {
  return html`<button
    type="button"
    class="item"
    data-export=${as}
    @click=${() => {
      act({ type: 'export', as });
    }}
  >
    ${say(as === 'png' ? 'exportPng' : 'exportSvg')}
  </button>`;
}

function question({ say, act }: PanelModel): TemplateResult {
  return html`<p class="question"><strong>${say('clearQuestion')}</strong> ${say('clearComfort')}</p>
    <div class="answers">
      <button
        type="button"
        class="button quiet"
        @click=${() => {
          act({ type: 'close' });
        }}
      >
        ${say('cancel')}
      </button>
      <button
        type="button"
        class="button danger"
        @click=${() => {
          act({ type: 'clear' });
        }}
      >
        ${say('clearYes')}
      </button>
    </div>`;
}
