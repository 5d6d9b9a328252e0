import { html, type LitElement, type TemplateResult } from 'lit';
import type { Language } from '../words/languages.js';
import type { GateJoinEvent } from './gate.js';
import type { Visit } from './visit.js';

/**
 * Loads the door, which most visitors never see; where it can't be had it is tried again with the
 * next change.
 */
export async function loadGate(): Promise<void> {
  try {
    const { defineGate } = await import('./gate.js');
    defineGate();
  } catch {
    // What is wrong is in the console already, where the page's author finds it.
  }
}

/**
 * The door of a room.
 *
 * @param host the element before whose room it is
 * @param room as people read it
 */
export function gateView(host: LitElement, visit: Visit, room: string, language: Language): TemplateResult {
  const join = async ({ name }: GateJoinEvent): Promise<void> => {
    // The field that has the focus goes; where they write comes when they are in.
    host.addEventListener('chalk-ready', () => void focusWithin(host), { once: true });
    visit.join(name);
    await focusWithin(host);
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

async function focusWithin(host: LitElement): Promise<void> {
  await host.updateComplete;
  // By then they may have gone elsewhere in the page.
  if (document.activeElement === document.body || host.shadowRoot?.activeElement) host.focus();
}
