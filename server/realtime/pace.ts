import { type EngineConnection, queuedBytes } from './engine-connection.js';

/** Above `from` queued bytes a connection gets no live frames; below `until` it gets them again. */
const SLOW = { from: 128 * 1024, until: 32 * 1024 };
/** Above this many queued bytes a connection is closed. It leaves a margin below four million. */
const STUCK = 2 * 1024 * 1024;

/** How well a connection keeps up with what is sent to it. */
export type Pace = 'fast' | 'slow' | 'stuck';

/**
 * Judges how a connection keeps up. Called before the next send, so that one large message makes
 * nobody slow: only what is still queued by then counts.
 */
export function paceOf(connection: EngineConnection, before: Pace): Pace {
  const queued = queuedBytes(connection);
  if (queued > STUCK) return 'stuck';
  return queued > (before === 'slow' ? SLOW.until : SLOW.from) ? 'slow' : 'fast';
}
