import { css } from 'lit';

/** A message among others. */
export const messageStyles = css`
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
`;
