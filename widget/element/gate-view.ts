import { html, type LitElement, type TemplateResult } from 'lit';
import type { Language } from '../words/languages.js';
import type { GateJoinEvent } from './gate.js';
import type { Visit } from './visit.js';

/** Loads the door, which most visitors never see. */
export async function loadGate(): Promise<void> {
  const { defineGate } = await import('./gate.js');
  defineGate();
}

/**
 * The door of a room.
 *
 * @param host the element before whose room it is
 * @param room as people read it
 */
export function gateView(host: LitElement, visit: Visit, room: string, language: Language): TemplateResult {
  const join = async ({ name }: GateJoinEvent): Promise<void> => {
    visit.join(name);
    // The field that had the focus is gone.
    await host.updateComplete;
    host.focus();
  };
  return html`<chalk-gate
    part="gate"
    .barrier=${visit.barrier}
    .room=${room}
    .language=${language}
    @gate-join=${join}
    @gate-again=${() => visit.again()}
  ></chalk-gate>`;
}
