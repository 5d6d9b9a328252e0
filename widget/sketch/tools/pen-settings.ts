/** The pen's colour and size. */
import { html, type TemplateResult } from 'lit';
import { INK_COLORS, INK_WIDTHS, type InkColor } from '../../../protocol/ink.js';
import { icon } from '../../look/icon.js';
import { styleProperties } from '../../look/style-properties.js';
import type { SketchKey } from '../../words/en/sketch.js';
import { check } from '../icons.js';
import { inkCss, isNamed } from '../ink-palette.js';
import { rove } from '../roving.js';
import type { SettingsModel, ToolSettings } from './tool.js';

const SIZE_WORDS = ['size0', 'size1', 'size2', 'size3'] as const satisfies readonly SketchKey[];

export const penSettings: ToolSettings = {
  name: 'penOptions',
  summary: ({ tools: { pen }, dark }) => swatch(inkCss(pen.color, dark), pen.width),
  view: model => html`${colors(model)}${sizes(model)}`,
};

/** A spot of ink; its size is near to the truth, and told apart from the others. */
function swatch(color: string, width: number): TemplateResult {
  const size = `${String(Math.min(20, 4 + width))}px`;
  const look = { '--_ink': color, 'inline-size': size, 'block-size': size };
  return html`<span class="swatch" style=${styleProperties(look)}></span>`;
}

function colors({ say, act, tools: { pen }, dark }: SettingsModel): TemplateResult {
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
            @click=${() => act({ type: 'pen', pen: { color } })}
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
        style=${styleProperties(free === undefined ? {} : { '--_ink': inkCss(free, dark), background: 'var(--_ink)' })}
      ></span>
    </label>
  </div>`;
}

function freeColor(value: string): InkColor {
  return `#${value.toLowerCase().slice(1)}`;
}

function sizes({ say, act, tools: { pen }, dark }: SettingsModel): TemplateResult {
  return html`<div class="choices" role="radiogroup" aria-label=${say('size')} @keydown=${rove}>
    ${INK_WIDTHS.map((width, index) => {
      const name = say(SIZE_WORDS[index] ?? 'size');
      return html`<button
        type="button"
        class="choice"
        role="radio"
        data-width=${width}
        title=${name}
        aria-label=${name}
        aria-checked=${String(pen.width === width)}
        @click=${() => act({ type: 'pen', pen: { width } })}
      >
        ${swatch(inkCss(pen.color, dark), width)}
      </button>`;
    })}
  </div>`;
}
