import { html, type TemplateResult } from 'lit';
import type { ExportType, Panel } from './actions.js';
import { TOOLS } from './tools/index.js';
import { isToolId } from './tools/tool-state.js';
import type { SettingsModel } from './tools/tool.js';

/**
 * The panel above the tools: what a tool is set to, the kinds of copies, or the question before the
 * board is cleared.
 */
export function panelView(panel: Panel, model: SettingsModel): TemplateResult {
  const { say } = model;
  switch (panel) {
    case 'export':
      return frame(panel, say('export'), html`${copy(model, 'png')}${copy(model, 'svg')}`);
    case 'clear':
      return frame(panel, say('clear'), question(model));
    default: {
      const { name, settings } = TOOLS[panel];
      return frame(panel, say(settings?.name ?? name), settings?.view(model) ?? html``);
    }
  }
}

function frame(panel: Panel, name: string, content: TemplateResult): TemplateResult {
  return html`<div class="panel panel-${isToolId(panel) ? 'settings' : panel}" role="dialog" aria-label=${name}>
    ${content}
  </div>`;
}

function copy({ say, act }: SettingsModel, as: ExportType): TemplateResult {
  return html`<button type="button" class="item" data-export=${as} @click=${() => act({ type: 'export', as })}>
    ${say(as === 'png' ? 'exportPng' : 'exportSvg')}
  </button>`;
}

function question({ say, act }: SettingsModel): TemplateResult {
  return html`<p class="question"><strong>${say('clearQuestion')}</strong> ${say('clearComfort')}</p>
    <div class="answers">
      <button type="button" class="button quiet" @click=${() => act({ type: 'close' })}>${say('cancel')}</button>
      <button type="button" class="button danger" @click=${() => act({ type: 'clear' })}>${say('clearYes')}</button>
    </div>`;
}
