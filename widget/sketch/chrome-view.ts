import { html, nothing, type TemplateResult } from 'lit';
import type { PanelController } from './panel-controller.js';
import { panelView } from './panel-view.js';
import { rove } from './roving.js';
import { toolsView, type ToolsModel } from './tools-view.js';
import { zoomView } from './zoom-view.js';

/** What floats over the board. */
export interface ChromeModel extends Omit<ToolsModel, 'panel'> {
  readonly panels: PanelController;
  /** The zoom as it is read, like `80%`. */
  readonly zoom: string;
  /** Not there at all: nobody knows yet who may do what. */
  readonly hidden: boolean;
  /** Out of the way, because someone draws. */
  readonly away: boolean;
  /** Everything in one row that scrolls. */
  readonly row: boolean;
}

/** The tools, the zoom, and above them the panel that is open. */
export function chromeView(model: ChromeModel): TemplateResult {
  const { say, act, panels, zoom, tools, dark } = model;
  const { open: panel } = panels;
  return html`<div
    class="chrome"
    ?hidden=${model.hidden}
    ?data-away=${model.away}
    ?data-row=${model.row}
    @keydown=${panels.onKeydown}
    @focusout=${panels.onFocusout}
  >
    ${panel === undefined ? nothing : panelView(panel, { say, act, tools, dark })}
    <div class="bars">
      <div class="bar tools" role="toolbar" aria-label=${say('tools')} @keydown=${rove}>
        ${toolsView({ ...model, panel })}
      </div>
      <div class="bar view" role="toolbar" aria-label=${say('view')} @keydown=${rove}>
        ${zoomView({ say, act, zoom })}
      </div>
    </div>
  </div>`;
}
