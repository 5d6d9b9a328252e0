/** One server alone, which keeps everything in a file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqlite } from '../../server/storage/sqlite/open-sqlite.js';
import { freePort } from '../support/programs.js';
import type { Scope } from '../support/scope.js';
import { SECRET_KEY } from '../support/secret-key.js';
import { signToken, type TestKey, type TokenRequest } from '../support/tokens.js';
import { NodeProcess } from './node-process.js';
import type { Service } from './service.js';
import { addSite } from './site.js';

export class LoneServer extends NodeProcess implements Service {
  /** The database. */
  readonly file: string;
  readonly #key: TestKey;

  private constructor(folder: string, port: number, key: TestKey, environment: NodeJS.ProcessEnv) {
    const file = fileIn(folder);
    super({ folder, port, environment: { DATABASE_URL: `sqlite:${file}`, ...environment } });
    this.file = file;
    this.#key = key;
  }

  /**
   * A server with one site, which runs. Killed, and its data gone, when the scope ends.
   *
   * @param within where its data shall be, on a disk of the test's own
   */
  static async start(scope: Scope, environment: NodeJS.ProcessEnv = {}, within = tmpdir()): Promise<LoneServer> {
    const folder = await mkdtemp(join(within, 'chalk-talk-'));
    const storage = await openSqlite({ file: fileIn(folder), secretKey: SECRET_KEY });
    const key = await addSite(storage);
    await storage.close();
    const server = new LoneServer(folder, await freePort(), key, environment);
    scope.after(async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    });
    await server.run();
    return server;
  }

  get processes(): readonly NodeProcess[] {
    return [this];
  }

  entrance(): Promise<string> {
    return Promise.resolve(this.url);
  }

  token(request: TokenRequest = {}): Promise<string> {
    return signToken(this.#key, request);
  }

  /** Opens what it kept. The process must have ended; the caller closes it. */
  openStorage(): ReturnType<typeof openSqlite> {
    return openSqlite({ file: this.file, secretKey: SECRET_KEY });
  }
}

function fileIn(folder: string): string {
  return join(folder, 'chalk-talk.db');
}
