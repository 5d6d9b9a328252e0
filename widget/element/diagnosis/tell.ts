import type { Diagnosis } from './report.js';

/** Writes a diagnosis to the console, all of it as one text: so it can be copied whole. */
export function tell({ finding, message, checks, facts }: Diagnosis): void {
  const failed = checks.some(({ result }) => result === 'bad');
  const level = failed ? 'error' : finding === 'ok' ? 'info' : 'warn';
  const lines = [
    `<chalk-talk> ${finding}: ${message}`,
    ...checks.map(check => `  ${check.result.padEnd(8)} ${check.name.padEnd(13)} ${check.message}`),
    ...Object.entries(facts).map(([name, fact]) => `  ${name}: ${fact}`),
  ];
  // eslint-disable-next-line no-console -- it is where the page's author looks for it
  console[level](lines.join('\n'));
}
