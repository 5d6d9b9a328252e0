import { css } from 'lit';

export const failureStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0 10px;
    padding-block: 2px;
    color: var(--_danger);
    font-size: var(--_meta-size);
    line-height: var(--_meta-line);
  }

  .why {
    text-align: end;
    text-wrap: pretty;
  }

  .ways {
    display: flex;
    gap: 10px;
  }

  button {
    min-block-size: calc(var(--_target) - 8px);
    color: var(--_text);
    font-weight: 500;
    text-decoration: underline;
    text-decoration-color: var(--_line);
    text-underline-offset: 3px;
  }
`;
