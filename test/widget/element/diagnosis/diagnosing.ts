import type { ChalkTalk } from '../../../../widget/element/chalk-talk.js';
import type { Wishes } from '../../../../widget/element/entrance.js';
import type { Check, CheckName, Diagnosis } from '../../../../widget/element/diagnosis/report.js';
import { Languages } from '../../../../widget/words/languages.js';
import type { Backend } from '../../../support/browser/backend.js';
import { chalkTalk, place } from '../rooms.js';

/** What a page says that says all that is needed, and what a test says otherwise. */
export function wishesFor(backend: Backend, wishes: Partial<Wishes> = {}): Wishes {
  const all = { server: backend.url, site: 'acme', room: 'algebra', token: '', tokenUrl: '', getToken: undefined };
  return { ...all, name: '', ...wishes };
}

/** What came of it, and what the console was told meanwhile, each with its level. */
export interface Told {
  readonly diagnosis: Diagnosis;
  readonly told: readonly string[];
}

/** What an element in the page finds. */
export async function diagnose(backend: Backend, attributes: Readonly<Record<string, string>>): Promise<Told> {
  return await diagnoseWith(chalkTalk(backend, { room: 'algebra', view: 'chat', ...attributes }));
}

/** What this element finds, in the page. */
export async function diagnoseWith(element: ChalkTalk): Promise<Told> {
  return await overhearing(async () => {
    await place(element);
    return await element.diagnose();
  });
}

export const english = new Languages(() => {}).of('en');

/** One of the checks. */
export function check({ checks }: Diagnosis, name: CheckName): Check | undefined {
  return checks.find(check => check.name === name);
}

/** What came of each check, in order: `server good`. */
export function results({ checks }: Diagnosis): string[] {
  return checks.map(({ name, result }) => `${name} ${result}`);
}

/** Listens to the console while something is diagnosed; nothing of it gets through. */
export async function overhearing(diagnosing: () => Promise<Diagnosis>): Promise<Told> {
  const told: string[] = [];
  const { info, warn, error } = console;
  const listen =
    (level: string) =>
    (...words: readonly unknown[]) =>
      told.push(`${level} ${words.join(' ')}`);
  Object.assign(console, { info: listen('info'), warn: listen('warn'), error: listen('error') });
  try {
    return { diagnosis: await diagnosing(), told };
  } finally {
    Object.assign(console, { info, warn, error });
  }
}
