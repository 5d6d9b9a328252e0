import { css } from 'lit';

/** What every shadow root of ours begins with: nothing of the page's style leaks in, and what can be pressed looks the same. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button,
  input,
  textarea {
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    letter-spacing: inherit;
  }

  button {
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }

  button:disabled {
    cursor: default;
    opacity: 0.4;
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

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

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
