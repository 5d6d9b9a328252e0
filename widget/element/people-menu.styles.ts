import { css } from 'lit';

export const peopleMenuStyles = css`
  :host {
    display: block;
  }

  .faces {
    display: flex;
    align-items: center;
    min-inline-size: var(--_target);
    block-size: var(--_target);
    padding-inline: 4px;
    border-radius: var(--_radius-s);
    transition: background-color var(--_motion);
  }

  .faces[aria-expanded='true'] {
    background: var(--_hover);
  }

  @media (hover: hover) {
    .faces:hover {
      background: var(--_hover);
    }
  }

  .face,
  .more {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    border-radius: 50%;
    color: #fff;
    font-size: 10px;
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }

  .faces > * {
    box-shadow: 0 0 0 2px var(--_surface);
  }

  .faces > * + * {
    margin-inline-start: -6px;
  }

  .more {
    background: var(--_line);
    color: var(--_text);
  }

  .list {
    position: absolute;
    z-index: 3;
    inset-block-start: 42px;
    inset-inline-end: 8px;
    inline-size: max-content;
    min-inline-size: 200px;
    max-inline-size: min(300px, 100% - 16px);
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
