import type { DiagnosisKey } from '../../words/en/diagnosis.js';
import type { Check, Finding } from './report.js';

/** What is said to a visitor: what only the page's author can mend is all one to them. */
const WORDS: Readonly<Record<Finding, DiagnosisKey>> = {
  ok: 'ok',
  not_configured: 'setUp',
  script_incomplete: 'reload',
  server_unreachable: 'unreachable',
  mixed_content: 'setUp',
  blocked_by_policy: 'setUp',
  foreign_answer: 'unreachable',
  server_failed: 'trouble',
  site_unknown: 'setUp',
  origin_not_allowed: 'setUp',
  protocol_unsupported: 'reload',
  websocket_blocked: 'slow',
  connection_blocked: 'blocked',
  token_unavailable: 'signIn',
  token_refused: 'signIn',
  room_forbidden: 'forbidden',
  guests_not_allowed: 'guests',
  clock_off: 'clock',
};

export function visitorWords({ result, finding }: Pick<Check, 'result' | 'finding'>): DiagnosisKey {
  // Whatever it is, it works.
  return result === 'warning' && finding !== 'clock_off' ? 'slow' : WORDS[finding];
}
