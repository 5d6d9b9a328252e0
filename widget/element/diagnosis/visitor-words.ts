import type { DiagnosisKey } from '../../words/en/diagnosis.js';
import type { Check, Finding } from './report.js';

/**
 * What is said to a visitor. What only the page's author can mend is all one to them, and not
 * listed.
 */
const WORDS: Partial<Record<Finding, DiagnosisKey>> = {
  ok: 'ok',
  server_unreachable: 'unreachable',
  foreign_answer: 'unreachable',
  server_failed: 'trouble',
  protocol_unsupported: 'reload',
  connection_blocked: 'blocked',
  token_unavailable: 'signIn',
  token_refused: 'signIn',
  room_forbidden: 'forbidden',
  guests_not_allowed: 'guests',
  clock_off: 'clock',
};

export function visitorWords({ result, finding }: Pick<Check, 'result' | 'finding'>): DiagnosisKey {
  // Whatever it is, it works.
  if (result === 'warning' && finding !== 'clock_off') return 'slow';
  return WORDS[finding] ?? 'setUp';
}
