/**
 * What a browser keeps for a page: `localStorage` over visits, `sessionStorage` over a reload. A
 * page may forbid both (a sandbox, private browsing, blocked cookies), even the reading of the
 * property; then nothing is kept, and nothing else fails.
 */
export type Keeping = 'localStorage' | 'sessionStorage';

/** What was kept under `key`, or undefined. */
export function recall(keeping: Keeping, key: string): string | undefined {
  try {
    return globalThis[keeping].getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps `value` under `key`; an empty one forgets what was kept. */
export function keep(keeping: Keeping, key: string, value: string): void {
  try {
    if (value === '') globalThis[keeping].removeItem(key);
    else globalThis[keeping].setItem(key, value);
  } catch {
    // Forbidden or full.
  }
}
