import type { GateKey } from './en/gate.js';
import { main as english, type MainKey } from './en/main.js';
import type { PeopleKey } from './en/people.js';
import type { SketchKey } from './en/sketch.js';
import { type Catalogue, type Say, speaker } from './words.js';

/** All the words of a language. Of English, what loads later brings its own words along. */
export interface Words {
  readonly main: Catalogue<MainKey>;
  readonly gate?: Catalogue<GateKey>;
  readonly people?: Catalogue<PeopleKey>;
  readonly sketch?: Catalogue<SketchKey>;
}

/** A language that the widget can speak. */
export interface Language {
  /** BCP 47: the visitor's own variant where the words are in that language, so that dates and digits follow it. */
  readonly lang: string;
  readonly say: Say<MainKey>;
  readonly words: Words;
}

const BUILT_IN = 'en';
const ENGLISH: Words = { main: english };

/** English is built in. A further language is one line here, and loads when it is first wanted. */
const FURTHER: Readonly<Record<string, () => Promise<Words>>> = {};

/** The languages of one element, each made when it is first wanted. */
export class Languages {
  readonly #loaded = new Map<string, Words>([[BUILT_IN, ENGLISH]]);
  readonly #further: Readonly<Record<string, () => Promise<Words>>>;
  readonly #changed: () => void;
  #last: { readonly wanted: string; readonly language: Language } | undefined;

  /** @param changed is called when words came that were wanted before */
  constructor(changed: () => void, further = FURTHER) {
    this.#changed = changed;
    this.#further = further;
  }

  /** The best there is for a BCP 47 tag: English where there is nothing nearer, and until what is nearer has been loaded. */
  of(wanted: string): Language {
    if (this.#last?.wanted === wanted) return this.#last.language;
    const base = baseOf(wanted);
    const words = base === undefined ? undefined : this.#loaded.get(base);
    if (base !== undefined && !words) void this.#load(base);
    const lang = words ? wanted : BUILT_IN;
    const spoken = words ?? ENGLISH;
    const language = { lang, say: speaker(spoken.main, lang), words: spoken };
    this.#last = { wanted, language };
    return language;
  }

  async #load(base: string): Promise<void> {
    const words = await this.#further[base]?.();
    if (!words) return;
    this.#loaded.set(base, words);
    this.#last = undefined;
    this.#changed();
  }
}

/** `ar` of `ar-EG`; undefined where it is no language tag. */
function baseOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return undefined;
  }
}

const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|he|iw|ji|ks|nqo|ps|sd|syr|ug|ur|yi)$/;
const RIGHT_TO_LEFT_SCRIPT = /^(?:Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Samr|Syrc|Thaa)$/;

/** The writing direction of a language, by its script where the tag names one. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  try {
    const { language: base, script } = new Intl.Locale(tag);
    return (script ? RIGHT_TO_LEFT_SCRIPT.test(script) : RIGHT_TO_LEFT.test(base)) ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}
