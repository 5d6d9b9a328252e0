/**
 * What the session needs of its surroundings: time, chance, the network's state. Tests choose them; this is the only file of the
 * session that asks whether it runs in a page or in Node.
 */
export interface Platform {
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Runs `task` once, `ms` milliseconds from now; what it returns calls that off. */
  after(ms: number, task: () => void): () => void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** False only where the device says that it has no network. */
  online(): boolean;
  /** Calls `listener` when the network came or went and when the page came back to life; returns its unsubscribe. */
  onWake(listener: () => void): () => void;
  /** An error that is nobody's answer: a listener that threw. */
  report(error: unknown): void;
}

const WAKING = ['online', 'offline', 'pageshow', 'visibilitychange'];

/** The surroundings as they are, in a page or in Node. */
export function realPlatform(): Platform {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    fetch: (url, init) => fetch(url, init),
    online: () => !('navigator' in globalThis && 'onLine' in navigator) || navigator.onLine,
    onWake(listener) {
      // Node has no events of its own: there a lost network shows in the connection alone.
      if (typeof globalThis.addEventListener !== 'function') return () => {};
      for (const type of WAKING) globalThis.addEventListener(type, listener);
      return () => {
        for (const type of WAKING) globalThis.removeEventListener(type, listener);
      };
    },
    report(error) {
      if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
      // eslint-disable-next-line no-console -- Node has no other place for what nobody waits for
      else console.error(error);
    },
  };
}
