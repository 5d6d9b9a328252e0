import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconStrokes } from '../look/icon.js';
import type { SketchKey } from '../words/en/sketch.js';
import type { Say } from '../words/words.js';
import type { Panel } from './actions.js';
import * as icons from './icons.js';
import { TOOLS } from './tools/index.js';
import { TOOL_IDS, type ToolId } from './tools/tool-state.js';
import type { SettingsModel } from './tools/tool.js';

/** What the pill of tools shows. */
export interface ToolsModel extends SettingsModel {
  readonly panel: Panel | undefined;
  readonly canDraw: boolean;
  readonly canClear: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly isEmpty: boolean;
  /** Whether Cmd is the key of shortcuts, and not Ctrl. */
  readonly mac: boolean;
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
    ${TOOL_IDS.map(id => toolButton(model, id))} ${TOOL_IDS.map(id => settingsButton(model, id))}
    ${
      tools.penSeen
        ? html`<button
            type="button"
            class="icon-button"
            title=${say('finger')}
            aria-label=${say('finger')}
            aria-pressed=${String(tools.fingerDraws)}
            @click=${() => act({ type: 'finger' })}
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

/** The tools and the keys that take them, as a sentence for a screen reader. */
export function toolKeys(say: Say<SketchKey>, lang: string): string {
  const tools = TOOL_IDS.map(id => nameWithKey(say, id));
  return say('toolKeys', { tools: new Intl.ListFormat(lang, { type: 'unit' }).format(tools) });
}

function nameWithKey(say: Say<SketchKey>, id: ToolId): string {
  return say('withKeys', { name: say(TOOLS[id].name), keys: TOOLS[id].key.toUpperCase() });
}

function toolButton({ say, act, tools }: ToolsModel, id: ToolId): TemplateResult {
  const { name, icon: strokes, key, settings } = TOOLS[id];
  const isTaken = tools.tool === id;
  return html`<button
    type="button"
    class="icon-button"
    data-tool=${id}
    title=${nameWithKey(say, id)}
    aria-label=${say(name)}
    aria-pressed=${String(isTaken)}
    aria-keyshortcuts=${key.toUpperCase()}
    @click=${() => {
      // Pressed again, it opens what it is set to.
      act(isTaken && settings ? { type: 'toggle', panel: id } : { type: 'tool', tool: id });
    }}
  >
    ${icon(strokes)}
  </button>`;
}

function settingsButton(model: ToolsModel, id: ToolId): TemplateResult | typeof nothing {
  const { say, act, panel } = model;
  const { settings } = TOOLS[id];
  if (!settings) return nothing;
  return html`<button
    type="button"
    class="icon-button swatch-button"
    data-opens=${id}
    title=${say(settings.name)}
    aria-label=${say(settings.name)}
    aria-haspopup="dialog"
    aria-expanded=${String(panel === id)}
    @click=${() => act({ type: 'toggle', panel: id })}
  >
    ${settings.summary(model)}
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
    @click=${() => act({ type })}
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
    @click=${() => act({ type: 'toggle', panel })}
  >
    ${icon(strokes)}
  </button>`;
}
