import { noChange } from 'lit';
import { type AttributePart, Directive, directive } from 'lit/directive.js';

type Properties = Readonly<Record<string, string>>;

/**
 * Sets style properties of an element: `style=${styleProperties({ background })}`. Lit's own
 * `styleMap` writes a `style` attribute at its first render, which a page's strict `style-src`
 * forbids; this one goes by the CSSOM from the beginning.
 */
class StyleProperties extends Directive {
  #previous: Properties = {};

  override render(_properties: Properties): typeof noChange {
    return noChange;
  }

  override update({ element }: AttributePart, [properties]: [Properties]): typeof noChange {
    if (element instanceof HTMLElement) {
      for (const name of Object.keys(this.#previous)) if (!(name in properties)) element.style.removeProperty(name);
      for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
    }
    this.#previous = properties;
    return noChange;
  }
}

export const styleProperties = directive(StyleProperties);
