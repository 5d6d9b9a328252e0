/** What the trial is told by its environment. */
import type { DemoPorts } from './demo.js';

export interface DemoSettings {
  readonly ports: DemoPorts;
  /** Where the database and the secrets are kept. */
  readonly dataDir: string;
  /** Whether it was started as if it were meant for others, which it is not. */
  readonly forProduction: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws RangeError where a port is none */
export function readSettings(environment: Environment): DemoSettings {
  const backend = portFrom(environment, 'PORT', 3000);
  return {
    ports: {
      backend,
      acme: portFrom(environment, 'ACME_PORT', backend + 1),
      globex: portFrom(environment, 'GLOBEX_PORT', backend + 2),
    },
    dataDir: environment['DATA_DIR'] ?? 'data',
    forProduction: environment['NODE_ENV'] === 'production',
  };
}

function portFrom(environment: Environment, name: string, otherwise: number): number {
  const said = environment[name]?.trim() || String(otherwise);
  const port = /^\d{1,5}$/.test(said) ? Number(said) : Number.NaN;
  if (!(port > 0 && port <= 65_535)) throw new RangeError(`${name} is no port number: ${said}`);
  return port;
}
