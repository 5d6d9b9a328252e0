/**
 * Each person has a colour of their own, the same on every screen: it is made from their id alone.
 * Twelve hues, far enough apart to tell faces and cursors from each other; the name always stands
 * beside it.
 */
const HUES = 12;

/** The person's hue, 0 to 11 (FNV-1a over the id). */
export function personHue(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % HUES;
}

/** Dark enough for white text on it (4.5 : 1), in either theme. As a CSS colour. */
export function personColor(id: string): string {
  return `oklch(50% 0.12 ${String(personHue(id) * (360 / HUES) + 15)})`;
}

/** For a name on our surface: readable in light and in dark. As a CSS colour. */
export function personTextColor(id: string): string {
  const hue = String(personHue(id) * (360 / HUES) + 15);
  return `light-dark(oklch(45% 0.12 ${hue}), oklch(80% 0.09 ${hue}))`;
}

/** One or two letters for a face without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map(word => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
