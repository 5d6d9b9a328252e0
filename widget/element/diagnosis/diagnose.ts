import type { Wishes } from '../entrance.js';
import type { Diagnosis } from './report.js';

/** What `diagnose()` is given: what the page says, and the visitor's language. */
export interface DiagnoseRequest {
  readonly wishes: Wishes;
  readonly lang: string;
}

/** Looks at everything that a connection needs, in the order in which it meets it, and says what stops it. */
export async function diagnose(_request: DiagnoseRequest): Promise<Diagnosis> {
  throw new Error('diagnose is being built');
}
