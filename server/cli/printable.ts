/** What steers a terminal, or hides or turns what stands beside it. Joiners alone, of letters and of emoji, are part of names. */
const STEERING = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A line as any terminal may be given it: what would steer it is written out, `\u{1b}`. */
export function printable(line: string): string {
  return line.replace(STEERING, character => `\\u{${codeOf(character)}}`);
}

/** JSON that says the same and steers nothing: JSON itself writes out only a part of what does. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(STEERING, character => {
    return character === '\n' ? character : character.replace(/[^]/g, unit => `\\u${codeOf(unit).padStart(4, '0')}`);
  });
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
