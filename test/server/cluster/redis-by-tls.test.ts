import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { openRedis } from '../../../server/cluster/redis/open-redis.js';
import { createLog } from '../../../server/log.js';
import { endProgram, findProgram, freePort, startProgram } from '../../support/programs.js';
import { RedisServer } from '../../support/redis-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { newPrefix } from './nodes-on-redis.js';

const run = promisify(execFile);

/** A Redis that speaks TLS alone, and the certificate that it shows. */
async function redisByTls(t: TestContext): Promise<{ readonly url: string; readonly certificate: string }> {
  const folder = await temporaryFolder(t);
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await run(await findProgram('openssl'), [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=redis'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]);
  const port = await freePort();
  const server = await RedisServer.start([
    ...['--tls-port', `${port}`, '--port', '0', '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', certificate, '--tls-key-file', key],
  ]);
  t.after(() => server.close());
  return { url: `rediss://127.0.0.1:${port}`, certificate };
}

test('by TLS a Redis is used whose certificate is known, and no other', async t => {
  const { url, certificate } = await redisByTls(t);

  await assert.rejects(openRedis({ url, log: createLog('silent'), times: { startWithin: 500 } }), {
    // Newer ones of Node add what could be done about it.
    message: /^self-signed certificate/,
  });

  const script = fileURLToPath(new URL('lone-node.js', import.meta.url));
  // Node reads what it trusts when it starts.
  const command = ['env', `NODE_EXTRA_CA_CERTS=${certificate}`, process.execPath, script];
  const child = await startProgram([...command, url, newPrefix(), 'algebra', 'Ada'], line => line.startsWith('node '));
  await endProgram(child, 'SIGKILL');
});
