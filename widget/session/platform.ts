import type { OutboxStore } from './outbox-store.js';

/**
 * What the session needs of its surroundings: time, chance, the network's state. Tests choose them;
 * this is the only file of the session that asks whether it runs in a page or in Node.
 */
export interface Platform {
  /**
   * Milliseconds since 1970, as the device has it: it may be wrong, and may be set at any moment.
   */
  now(): number;
  /** Milliseconds since some moment, which nobody sets; it may stand while the device sleeps. */
  elapsed(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Runs `task` once, `ms` milliseconds from now; what it returns calls that off. */
  after(ms: number, task: () => void): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** False only where the device says that it has no network. */
  online(): boolean;
  /**
   * Calls `wake` when the network came or went and when the page is seen again or came back to
   * life, `sleep` when the page is put aside or frozen; returns the unsubscribe.
   */
  onWake(wake: () => void, sleep: () => void): () => void;
  /**
   * Where an outbox outlives the program; absent where nothing does. Loaded while the first
   * connection is being made.
   */
  outboxStore?(): Promise<OutboxStore>;
  /** An error that is nobody's answer: a listener that threw. */
  report(error: unknown): void;
}

const WAKING = ['online', 'offline', 'pageshow', 'resume'];
const SLEEPING = ['pagehide', 'freeze'];

/** The surroundings as they are, in a page or in Node. */
export function realPlatform(): Platform {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: () => Math.random(),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    fetch: (url, init) => fetch(url, init),
    online: () => !('navigator' in globalThis && 'onLine' in navigator) || navigator.onLine,
    onWake(wake, sleep) {
      // Node has no events of its own: there a lost network shows in the connection alone.
      if (typeof globalThis.addEventListener !== 'function') return () => {};
      const listening = new AbortController();
      const { signal } = listening;
      for (const type of WAKING) globalThis.addEventListener(type, wake, { signal });
      // On the way out a page is hidden too, after `pagehide`: who took that for waking would
      // connect anew, for nobody to see.
      const shown = (): void => {
        if (globalThis.document.visibilityState === 'visible') wake();
      };
      globalThis.addEventListener('visibilitychange', shown, { signal });
      for (const type of SLEEPING) globalThis.addEventListener(type, sleep, { signal });
      return () => listening.abort();
    },
    ...('indexedDB' in globalThis && {
      outboxStore: async () => (await import('./indexed-outbox.js')).indexedOutbox(),
    }),
    report(error) {
      if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
      // eslint-disable-next-line no-console -- Node has no other place for what nobody waits for
      else console.error(error);
    },
  };
}
