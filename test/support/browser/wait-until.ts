/**
 * Waits until something is so. Its milliseconds are those that the page lives through: on a busy
 * machine looks come late, and there are as many of them.
 *
 * @throws Error with the complaint, where it does not become so
 */
export async function waitUntil(
  isSo: () => unknown,
  complaint = 'It does not become so.',
  { timeout = 12_000, interval = 20 }: { readonly timeout?: number; readonly interval?: number } = {},
): Promise<void> {
  for (let left = timeout; !(await isSo()); left -= interval) {
    if (left <= 0) throw new Error(complaint);
    await new Promise(resolve => setTimeout(resolve, interval));
  }
}
