import { css } from 'lit';
import { base } from './base.js';

/**
 * The beginning of a shadow root that is full of buttons: what can be pressed looks the same
 * everywhere.
 */
export const controls = [
  base,
  css`
    .icon-button {
      display: inline-grid;
      place-items: center;
      inline-size: var(--_target);
      block-size: var(--_target);
      flex: none;
      border-radius: var(--_radius-s);
      color: var(--_muted);
      transition:
        background-color var(--_motion),
        color var(--_motion);
    }

    .icon-button[aria-pressed='true'],
    .icon-button[aria-expanded='true'],
    .icon-button[aria-checked='true'] {
      background: var(--_accent-soft);
      color: var(--_accent);
    }

    @media (hover: hover) {
      .icon-button:hover:not(:disabled) {
        background: var(--_hover);
        color: var(--_text);
      }
    }

    .icon-button:active:not(:disabled) {
      background: var(--_pressed);
    }

    .button {
      display: inline-flex;
      align-items: center;
      justify-content: center;
      gap: 8px;
      min-block-size: var(--_target);
      padding-inline: 12px;
      border-radius: var(--_radius-s);
      font-weight: 500;
      background: var(--_accent);
      color: var(--_on-accent);
    }

    .button.quiet {
      background: none;
      color: var(--_accent);
    }

    .button.danger {
      background: var(--_danger);
      color: var(--_surface);
    }
  `,
];
