import { css } from 'lit';

export const messageListStyles = css`
  :host {
    position: relative;
    display: block;
    min-block-size: 0;
  }

  .scroller {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    padding: 12px 16px 4px;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
  }

  .scroller:focus-visible {
    outline-offset: -2px;
  }

  /* A short talk begins at the bottom, beside the composer. */
  .lines {
    margin-block-start: auto;
  }

  .end {
    flex: none;
    block-size: 1px;
  }

  .older p {
    margin: 0;
    padding-block: 8px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    text-align: center;
  }

  .older button {
    min-block-size: calc(var(--_target) - 8px);
    color: var(--_text);
    font-weight: 500;
    text-decoration: underline;
    text-decoration-color: var(--_line);
    text-underline-offset: 3px;
  }

  .day,
  .new {
    display: flex;
    align-items: center;
    gap: 10px;
    padding-block-start: 16px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    font-weight: 500;
    line-height: var(--_meta-line);
  }

  .day {
    justify-content: center;
  }

  .new {
    color: var(--_accent);
  }

  .new::before,
  .new::after {
    flex: 1;
    block-size: 1px;
    background: currentColor;
    content: '';
    opacity: 0.5;
  }

  .empty {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 4px;
    margin-block: auto;
    padding: 24px;
    color: var(--_muted);
    text-align: center;
    text-wrap: balance;
  }

  .empty strong {
    margin-block-start: 8px;
    color: var(--_text);
    font-weight: 600;
  }

  .to-end {
    position: absolute;
    inset-block-end: 8px;
    inset-inline: 0;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    inline-size: fit-content;
    min-inline-size: var(--_target);
    block-size: var(--_target);
    margin-inline: auto;
    padding-inline: 8px;
    border: 1px solid var(--_line);
    border-radius: 22px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
    color: var(--_accent);
    font-size: var(--_meta-size);
    font-weight: 600;
  }

  .to-end span {
    padding-inline-end: 4px;
  }

  .skeleton {
    display: grid;
    gap: 10px;
    padding-block: 12px;
    animation: appear 0s 300ms both;
  }

  .skeleton i {
    block-size: 32px;
    inline-size: 62%;
    border-radius: 14px;
    background: var(--_hover);
  }

  .skeleton i:nth-child(3n + 2) {
    inline-size: 44%;
  }

  .skeleton i:nth-child(4n + 3) {
    inline-size: 52%;
    justify-self: end;
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
`;
