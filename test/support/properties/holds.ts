import { relative } from 'node:path';
import type { TestContext } from 'node:test';

import fc from 'fast-check';

export interface HoldingOptions {
  /** How many cases are tried, unless `PROPERTY_RUNS` multiplies them. */
  readonly runs: number;
}

/**
 * Tries a property with chosen cases; one that fails is made as small as it can be and printed.
 * Each run tells its seed. In the environment `PROPERTY_SEED` chooses the cases, `PROPERTY_PATH`
 * the one case of a failure, and `PROPERTY_RUNS` how many times as many are tried.
 */
export async function holds<Case>(
  t: TestContext,
  property: fc.IRawProperty<Case>,
  { runs }: HoldingOptions,
): Promise<void> {
  const { PROPERTY_SEED, PROPERTY_PATH, PROPERTY_RUNS = '1' } = process.env;
  const seed = PROPERTY_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(PROPERTY_SEED);
  const result = await fc.check(property, {
    seed,
    ...(PROPERTY_PATH !== undefined && { path: PROPERTY_PATH }),
    numRuns: Math.ceil(runs * Number(PROPERTY_RUNS)),
    // A case that hangs fails; one that takes long to shrink is worth more printed than perfect.
    plugins: [fc.timeout(20_000)],
    interruptAfterTimeLimit: 60_000 * Math.max(1, Number(PROPERTY_RUNS)),
  });
  t.diagnostic(`seed ${seed}, ${result.numRuns} cases`);
  if (!result.failed) return;
  const { errorInstance: cause } = result;
  const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  throw new Error(`${await fc.asyncDefaultReportMessage(result)}\n\n${again(t, result)}\n\n${reason}`, { cause });
}

/** The words that bring the failing case back. */
function again(
  { name }: TestContext,
  { seed, counterexamplePath }: Pick<fc.RunDetails<unknown>, 'seed' | 'counterexamplePath'>,
): string {
  const path = counterexamplePath === null ? '' : ` PROPERTY_PATH='${counterexamplePath}'`;
  const file = relative(process.cwd(), process.argv[1] ?? '');
  const pattern = name.replace(/[^\w ,]/g, '.');
  return `This case again: PROPERTY_SEED=${seed}${path} node --test --test-name-pattern='${pattern}' ${file}`;
}
