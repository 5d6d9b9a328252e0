/** `npm start`: the trial, in words. */
import { createLog } from '../server/log.js';
import { type Demo, startDemo } from './demo.js';
import { takenPorts } from './loopback.js';

const fail = (words: string): void => {
  console.error(`\n  ${words.replaceAll('\n', '\n  ')}\n`);
  process.exitCode = 1;
};

function portFrom(name: string, otherwise: number): number {
  const said = process.env[name]?.trim() || String(otherwise);
  const port = /^\d{1,5}$/.test(said) ? Number(said) : Number.NaN;
  if (!(port > 0 && port <= 65_535)) throw new RangeError(`${name} is no port number: ${said}`);
  return port;
}

function ports() {
  const backend = portFrom('PORT', 3000);
  return { backend, acme: portFrom('ACME_PORT', backend + 1), globex: portFrom('GLOBEX_PORT', backend + 2) };
}

function greet({ ports: { backend, acme, globex } }: Demo, dataDir: string): void {
  console.log(`
  Chalk Talk is running, on this machine only.

    Acme Maths        http://localhost:${acme}/          a second person: http://localhost:${acme}/?as=bo
    Globex Gardens    http://localhost:${globex}/          a second person: http://localhost:${globex}/?as=bo
    the backend       http://localhost:${backend}/v1/chalk-talk.js

  Open Acme twice, as two people, and talk and draw. Both sites have a room "workshop": they are two rooms.
  Everything is kept in ${dataDir}/. Ctrl+C ends it.
`);
}

async function start(): Promise<void> {
  if (process.env['NODE_ENV'] === 'production') {
    fail('This is the trial: it lets anyone in as anyone, so it does not run under NODE_ENV=production.');
    return;
  }
  const wanted = ports();
  const taken = await takenPorts(Object.values(wanted));
  if (taken.length > 0) {
    fail(
      `Something else already listens on port ${taken.join(', ')}.\n` +
        'Stop it, or choose others: PORT=4000 npm start (the sites follow on 4001 and 4002; ACME_PORT and GLOBEX_PORT set them).',
    );
    return;
  }
  const dataDir = process.env['DATA_DIR'] ?? 'data';
  const demo = await startDemo({ dataDir, ports: wanted, log: createLog('warn') });
  greet(demo, dataDir);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      demo.close().catch((fault: unknown) => fail(String(fault)));
    });
  }
}

await start().catch((fault: unknown) => fail(fault instanceof Error ? fault.message : String(fault)));
