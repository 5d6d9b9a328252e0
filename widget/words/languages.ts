import type { BubbleKey } from './en/bubble.js';
import type { DiagnosisKey } from './en/diagnosis.js';
import type { GateKey } from './en/gate.js';
import { main as english, type MainKey } from './en/main.js';
import type { PeopleKey } from './en/people.js';
import type { RefusedKey } from './en/refused.js';
import type { SketchKey } from './en/sketch.js';
import { type Catalogue, type Say, speaker } from './words.js';

/** All the words of a language. Of English, what loads later brings its own words along. */
export interface Words {
  readonly main: Catalogue<MainKey>;
  readonly gate?: Catalogue<GateKey>;
  readonly bubble?: Catalogue<BubbleKey>;
  readonly diagnosis?: Catalogue<DiagnosisKey>;
  readonly people?: Catalogue<PeopleKey>;
  readonly refused?: Catalogue<RefusedKey>;
  readonly sketch?: Catalogue<SketchKey>;
}

/** A language that the widget can speak. */
export interface Language {
  /**
   * BCP 47: the visitor's own variant where the words are in that language, so that dates and
   * digits follow it.
   */
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

  /**
   * The best there is for a BCP 47 tag: English where there is nothing nearer, and until what is
   * nearer has been loaded.
   */
  of(wanted: string): Language {
    if (this.#last?.wanted === wanted) return this.#last.language;
    const base = localeOf(wanted)?.language;
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

const RIGHT_TO_LEFT = /^(?:Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Samr|Syrc|Thaa)$/;

/**
 * The writing direction of a language, by the script that the tag names or that the language is
 * most often written in.
 */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(localeOf(tag)?.maximize().script ?? '') ? 'rtl' : 'ltr';
}

/** Undefined where it is no language tag. */
function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}
