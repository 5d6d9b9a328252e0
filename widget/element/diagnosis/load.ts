import type { DiagnoseRequest } from './diagnose.js';
import type { Diagnosis } from './report.js';

/**
 * Diagnoses by code that is loaded only now. Where it can't be had, that itself is what is wrong: a
 * page whose policy allows this one file of the script, and not the parts that load when they are
 * needed; or an update of the server since the page was opened.
 */
export async function loadAndDiagnose(request: DiagnoseRequest): Promise<Diagnosis> {
  const loaded = await import('./diagnose.js').catch(() => undefined);
  if (loaded) return await loaded.diagnose(request);
  const { origin } = new URL(import.meta.url);
  const finding = 'script_incomplete';
  const message = `Parts of the script don't load: allow \`script-src ${origin}\` in the page's policy, or reload after an update.`;
  // eslint-disable-next-line no-console -- it is where the page's author looks for it
  console.error(`<chalk-talk> ${finding}: ${message}`);
  const visitorMessage = request.language.say('partMissing');
  return { finding, message, visitorMessage, checks: [{ name: 'script', result: 'bad', finding, message }], facts: {} };
}
