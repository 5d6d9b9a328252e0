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

  /* Lines out of view cost no layout; once seen, their height is remembered. */
  .message {
    position: relative;
    padding-block-start: 2px;
    padding-inline-start: 38px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 36px;
  }

  .message.first {
    padding-block-start: 14px;
  }

  .message.own {
    padding-inline: 48px 0;
  }

  .face {
    --_face: 28px;
    position: absolute;
    inset-block-start: 16px;
    inset-inline-start: 0;
  }

  .head {
    display: flex;
    align-items: baseline;
    gap: 6px;
    min-inline-size: 0;
    margin-block-end: 2px;
    padding-inline: 2px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
  }

  .own .head {
    justify-content: flex-end;
  }

  .name {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .tag {
    flex: none;
    padding-inline: 5px;
    border: 1px solid var(--_line);
    border-radius: 4px;
    font-size: 10px;
    line-height: 14px;
  }

  time {
    flex: none;
    unicode-bidi: plaintext;
    font-variant-numeric: tabular-nums;
  }

  .bubble {
    inline-size: fit-content;
    max-inline-size: 100%;
    padding: 6px 11px;
    border-radius: 14px;
    border-start-start-radius: 5px;
    border-end-start-radius: 5px;
    background: var(--_hover);
    overflow-wrap: anywhere;
  }

  /* Each paragraph has the direction of its own words; the bubble, that of the page. */
  .bubble span {
    display: block;
    text-align: start;
    unicode-bidi: plaintext;
    white-space: pre-wrap;
  }

  .own .bubble {
    border-radius: 14px;
    border-start-end-radius: 5px;
    border-end-end-radius: 5px;
    margin-inline-start: auto;
    background: var(--_accent-soft);
  }

  .first .bubble {
    border-start-start-radius: 14px;
  }

  .last .bubble {
    border-end-start-radius: 14px;
  }

  .own.first .bubble {
    border-start-end-radius: 14px;
  }

  .own.last .bubble {
    border-end-end-radius: 14px;
  }

  a {
    color: var(--_accent);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 2px;
  }

  .pending .bubble {
    opacity: 0.72;
  }

  .failed .bubble {
    background: color-mix(in oklab, var(--_danger) 12%, transparent);
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
