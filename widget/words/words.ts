/**
 * Every word that a visitor reads comes from a catalogue: one file a language and part
 * (`en/main.ts`, `en/sketch.ts`). A language is only files; this module knows none of them.
 */

/**
 * A sentence with `{name}` places, or one for each plural form of `{count}` that the language has
 * (CLDR's names).
 */
export type Phrase = string | ({ readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

/** A part's catalogue: its keys are the part's own. */
export type Catalogue<Key extends string = string> = Readonly<Record<Key, Phrase>>;

export type Values = Readonly<Record<string, string | number>>;

/** Says a phrase: `say('waiting', { count: 3 })`. */
export type Say<Key extends string> = (key: Key, values?: Values) => string;

/**
 * @param catalogue the words
 * @param lang BCP 47, for plural forms and the digits of numbers
 */
export function speaker<Key extends string>(catalogue: Catalogue<Key>, lang: string): Say<Key> {
  const plurals = new Intl.PluralRules(lang);
  const numbers = new Intl.NumberFormat(lang);
  return (key, values = {}) => {
    const phrase = catalogue[key];
    const text =
      typeof phrase === 'string' ? phrase : (phrase[plurals.select(Number(values['count']))] ?? phrase.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? place);
    });
  };
}
