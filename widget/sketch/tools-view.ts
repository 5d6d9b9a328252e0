import { html, nothing, type TemplateResult } from 'lit';
import { styleProperties } from '../look/style-properties.js';
import { icon, type IconStrokes } from '../look/icon.js';
import type { Say } from '../words/words.js';
import type { SketchKey } from '../words/en/sketch.js';
import { type Act, type Panel, type Tool, TOOLS } from './actions.js';
import * as icons from './icons.js';
import { inkCss } from './ink-palette.js';
import type { ToolState } from './tools.js';

/** What the pill of tools shows. */
export interface ToolsModel {
  readonly say: Say<SketchKey>;
  readonly act: Act;
  readonly tools: ToolState;
  readonly panel: Panel | undefined;
  readonly dark: boolean;
  readonly canDraw: boolean;
  readonly canClear: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly isEmpty: boolean;
  /** Whether Cmd is the key of shortcuts, and not Ctrl. */
  readonly mac: boolean;
}

const TOOL_ICONS: Readonly<Record<Tool, IconStrokes>> = {
  pen: icons.pencil,
  eraser: icons.eraser,
  hand: icons.hand,
};
const TOOL_KEYS: Readonly<Record<Tool, string>> = { pen: 'P', eraser: 'E', hand: 'H' };

/** How large a size is shown in the tools, in px: near to the truth, and told apart. */
export function shownSize(width: number): number {
  return Math.min(20, 4 + width);
}

/** The tools of those who draw, and for everyone the copy; as the inside of a toolbar. */
export function toolsView(model: ToolsModel): TemplateResult {
  const { say, canDraw } = model;
  return html`
    ${canDraw ? drawingTools(model) : html`<span class="note">${say('viewer')}</span>`}
    ${panelButton(model, 'export', icons.download, say('export'), model.isEmpty)}
  `;
}

function drawingTools(model: ToolsModel): TemplateResult {
  const { say, act, tools, canUndo, canRedo, mac } = model;
  const key = mac ? 'Meta' : 'Control';
  const keyName = mac ? '⌘' : 'Ctrl+';
  return html`
    ${TOOLS.map(tool => toolButton(model, tool))} ${swatchButton(model)}
    ${
      tools.penSeen
        ? html`<button
            type="button"
            class="icon-button"
            title=${say('finger')}
            aria-label=${say('finger')}
            aria-pressed=${String(tools.fingerDraws)}
            @click=${() => {
              act({ type: 'finger' });
            }}
          >
            ${icon(icons.finger)}
          </button>`
        : nothing
    }
    <span class="divider"></span>
    ${commandButton(model, 'undo', icons.undo, canUndo, `${key}+Z`, `${keyName}Z`)}
    ${commandButton(model, 'redo', icons.redo, canRedo, `${key}+Shift+Z`, mac ? '⇧⌘Z' : 'Ctrl+Shift+Z')}
    ${model.canClear ? panelButton(model, 'clear', icons.trash, say('clear'), model.isEmpty) : nothing}
  `;
}

function toolButton({ say, act, tools }: ToolsModel, tool: Tool): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    data-tool=${tool}
    title=${say('withKeys', { name: say(tool), keys: TOOL_KEYS[tool] })}
    aria-label=${say(tool)}
    aria-keyshortcuts=${TOOL_KEYS[tool]}
    aria-pressed=${String(tools.tool === tool)}
    @click=${() => {
      // Pressed again, the pen opens what it is set to.
      act(tool === 'pen' && tools.tool === 'pen' ? { type: 'toggle', panel: 'pen' } : { type: 'tool', tool });
    }}
  >
    ${icon(TOOL_ICONS[tool])}
  </button>`;
}

function swatchButton({ say, act, tools, panel, dark }: ToolsModel): TemplateResult {
  const size = `${String(shownSize(tools.pen.width))}px`;
  return html`<button
    type="button"
    class="icon-button swatch-button"
    data-opens="pen"
    title=${say('penOptions')}
    aria-label=${say('penOptions')}
    aria-haspopup="dialog"
    aria-expanded=${String(panel === 'pen')}
    @click=${() => {
      act({ type: 'toggle', panel: 'pen' });
    }}
  >
    <span
      class="swatch"
      style=${styleProperties({ '--_ink': inkCss(tools.pen.color, dark), 'inline-size': size, 'block-size': size })}
    ></span>
  </button>`;
}

function commandButton(
  { say, act }: ToolsModel,
  type: 'undo' | 'redo',
  strokes: IconStrokes,
  enabled: boolean,
  shortcut: string,
  keys: string,
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    data-command=${type}
    title=${say('withKeys', { name: say(type), keys })}
    aria-label=${say(type)}
    aria-keyshortcuts=${shortcut}
    ?disabled=${!enabled}
    @click=${() => {
      act({ type });
    }}
  >
    ${icon(strokes)}
  </button>`;
}

function panelButton(
  { act, panel: open }: ToolsModel,
  panel: Panel,
  strokes: IconStrokes,
  name: string,
  disabled: boolean,
): TemplateResult {
  return html`<button
    type="button"
    class="icon-button"
    data-opens=${panel}
    title=${name}
    aria-label=${name}
    aria-haspopup="dialog"
    aria-expanded=${String(open === panel)}
    ?disabled=${disabled}
    @click=${() => {
      act({ type: 'toggle', panel });
    }}
  >
    ${icon(strokes)}
  </button>`;
}
