import { type EngineConnection, queuedBytes } from './engine-connection.js';

/**
 * Queued bytes above which a connection gets no live frames, and below which it gets them again.
 */
const SLOW = { from: 128 * 1024, until: 32 * 1024 };
/**
 * Queued bytes above which a connection is closed: with what memory is lost between them, four
 * million is never reached.
 */
const STUCK = 2 * 1024 * 1024;

/** How well a connection keeps up with what is sent to it. */
export type Pace = 'fast' | 'slow' | 'stuck';

/**
 * How a connection keeps up. Looked at before the next thing is sent, so that one large thing does
 * not make anyone slow: only what is still queued by then does.
 */
export function paceOf(connection: EngineConnection, before: Pace): Pace {
  const queued = queuedBytes(connection);
  if (queued > STUCK) return 'stuck';
  return queued > (before === 'slow' ? SLOW.until : SLOW.from) ? 'slow' : 'fast';
}
