import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import type { ReadinessReport } from '../../server/readiness.js';

const is = <Word extends string>(...words: readonly Word[]) => Type.Union(words.map(word => Type.Literal(word)));

const REPORT = Type.Object({
  ready: Type.Boolean(),
  serving: is('ok', 'closing'),
  storage: is('ok', 'failed', 'silent', 'read-only', 'damaged'),
  cluster: is('ok', 'away'),
  reason: Type.Optional(Type.String()),
});

/** What was answered is no report. */
export class NoReportError extends Error {
  override readonly name = 'NoReportError';
}

/** What a server says of itself. */
export interface Readiness {
  /** Of the HTTP answer. */
  readonly status: number;
  readonly report: ReadinessReport;
}

/**
 * Asks a server whether it is ready.
 *
 * @throws NoReportError where it answers something else; as `fetch` where it does not answer
 */
export async function askReadiness(server: string, signal: AbortSignal | null = null): Promise<Readiness> {
  const answer = await fetch(`${server}/readyz`, { signal });
  const report: unknown = await answer.json();
  if (!Value.Check(REPORT, report)) throw new NoReportError(JSON.stringify(report));
  return { status: answer.status, report };
}
