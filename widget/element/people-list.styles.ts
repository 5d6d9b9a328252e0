import { css } from 'lit';

export const peopleListStyles = css`
  :host {
    position: absolute;
    z-index: 3;
    inset-block-start: 42px;
    inset-inline-end: 8px;
    box-sizing: border-box;
    inline-size: max-content;
    min-inline-size: 200px;
    max-inline-size: min(300px, 100cqi - 16px);
    max-block-size: min(360px, 100cqb - 56px);
    padding: 12px 4px 8px;
    overflow-y: auto;
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    background: var(--_surface);
    box-shadow: var(--_shadow);
    outline: none;
  }

  h2,
  ul,
  p {
    margin: 0;
    padding: 0;
  }

  h2,
  p {
    padding-inline: 12px;
    color: var(--_muted);
    font-size: var(--_meta-size);
    font-weight: 500;
    line-height: var(--_meta-line);
  }

  ul {
    padding-block: 6px 0;
    list-style: none;
  }

  li {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 12px;
  }

  bdi {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  small {
    flex: none;
    color: var(--_muted);
    font-size: var(--_meta-size);
  }
`;
