/** `npm start`: the trial, in words. */
import { createLog } from '../server/log.js';
import { type Demo, startDemo } from './demo.js';
import { takenPorts } from './loopback.js';
import { readSettings } from './settings.js';

const fail = (words: string): void => {
  console.error(`\n  ${words.replaceAll('\n', '\n  ')}\n`);
  process.exitCode = 1;
};

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
  const { ports, dataDir, forProduction } = readSettings(process.env);
  if (forProduction) {
    fail('This is the trial: it lets anyone in as anyone, so it does not run under NODE_ENV=production.');
    return;
  }
  const taken = await takenPorts(Object.values(ports));
  if (taken.length > 0) {
    fail(
      `Something else already listens on port ${taken.join(', ')}.\n` +
        'Stop it, or choose others: PORT=4000 npm start (the sites follow on 4001 and 4002; ACME_PORT and GLOBEX_PORT set them).',
    );
    return;
  }
  const demo = await startDemo({ dataDir, ports, log: createLog('warn') });
  greet(demo, dataDir);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      demo.close().catch((fault: unknown) => fail(String(fault)));
    });
  }
}

await start().catch((fault: unknown) => fail(fault instanceof Error ? fault.message : String(fault)));
