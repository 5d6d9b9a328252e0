import { waitUntil as waitAMoment } from '@open-wc/testing';

/** Waits until something is so: as long as a busy machine may take, where open-wc gives up after a second. */
export function waitUntil(
  isSo: () => unknown,
  complaint?: string,
  options: { readonly timeout?: number; readonly interval?: number } = {},
): Promise<void> {
  return waitAMoment(isSo, complaint, { timeout: 12_000, ...options });
}
