/** The PostgreSQL and the Redis that the tests of one run share. */

/** Where a server is given by the environment: for tests alone, or as for the product. */
const GIVEN = {
  PostgreSQL: ({ TEST_DATABASE_URL, DATABASE_URL }) =>
    TEST_DATABASE_URL ?? (/^postgres(?:ql)?:/.test(DATABASE_URL ?? '') ? DATABASE_URL : undefined),
  Redis: ({ TEST_REDIS_URL, REDIS_URL }) => TEST_REDIS_URL ?? REDIS_URL,
};

export class Servers {
  #started = [];
  /** By the name of a server that is not to be had: why. @type {Map<string, string>} */
  missing = new Map();
  /** What the tests are to know of them. @type {Record<string, string>} */
  environment = {};

  /**
   * Those that `environment` names, else programs of this machine; one that there is not is
   * `missing`.
   */
  static async start(environment = process.env) {
    const servers = new Servers();
    try {
      await servers.#have('PostgreSQL', 'TEST_DATABASE_URL', GIVEN.PostgreSQL(environment), async () => {
        const { PostgresServer } = await import('../../dist/test/support/postgres-server.js');
        const server = await PostgresServer.start();
        return { url: server.url(), server };
      });
      await servers.#have('Redis', 'TEST_REDIS_URL', GIVEN.Redis(environment), async () => {
        const { RedisServer } = await import('../../dist/test/support/redis-server.js');
        const server = await RedisServer.start();
        return { url: server.url, server };
      });
    } catch (fault) {
      await servers.close();
      throw fault;
    }
    return servers;
  }

  /** Harmless when called again. */
  async close() {
    await Promise.all(this.#started.splice(0).map(server => server.close()));
  }

  async #have(name, variable, given, start) {
    if (given !== undefined) {
      this.environment[variable] = given;
      return;
    }
    try {
      const { url, server } = await start();
      this.#started.push(server);
      this.environment[variable] = url;
    } catch (fault) {
      if (fault.name !== 'ProgramMissingError') throw fault;
      this.missing.set(name, `${fault.message} Install it, or name one by ${variable}.`);
    }
  }
}
