import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NewKeyAnswerSchema, SiteReportSchema } from '../../../protocol/schema/admin.js';
import { OperatorApi } from '../../../server/cli/operator-api.js';
import { signToken, type TestKey } from '../../support/tokens.js';
import { Child } from '../ask.js';
import { PAGE_ORIGIN, SITE, type Member } from '../load/dialect.js';
import type { LoadAnswers } from '../load/load.js';
import { RAISED_COMMANDS_PER_SECOND, seats } from '../servers/peer.js';
import type { MemoryFigure } from '../servers/measured.js';
import type { NodeAnswers } from '../servers/node-server.js';
import type { Backing, BackingUsage } from './backing.js';
import { Exposition } from './exposition.js';

/** How many nodes, and on what. */
export interface Layout {
  readonly nodes: number;
  readonly on: 'postgres' | 'sqlite';
  /** Settings otherwise than by default. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Of Node, for each of their processes. */
  readonly flags?: readonly string[];
}

/** What all of it has spent so far: the nodes' CPU in microseconds, and what stands behind them. */
export interface Usage extends BackingUsage {
  readonly nodes: number;
}

const TOKENS = { SECRET_KEY: 's', ADMIN_TOKEN: 'a', METRICS_TOKEN: 'm' };
const SECRETS = Object.fromEntries(Object.entries(TOKENS).map(([name, letter]) => [name, letter.repeat(40)]));

interface Node {
  readonly url: string;
  readonly port: number;
  readonly child: Child<NodeAnswers>;
}

/** Real nodes in processes of their own, the site of the bench, and a load. */
export class Nodes {
  readonly load: Child<LoadAnswers> = new Child<LoadAnswers>(new URL('../load/load.js', import.meta.url));
  readonly #backing: Backing;
  readonly #folder: string;
  readonly #nodes: readonly Node[];
  readonly #key: TestKey;

  private constructor(backing: Backing, folder: string, nodes: readonly Node[], key: TestKey) {
    this.#backing = backing;
    this.#folder = folder;
    this.#nodes = nodes;
    this.#key = key;
  }

  static async start(backing: Backing, layout: Layout): Promise<Nodes> {
    const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-bench-'));
    const shared = { DATABASE_URL: await backing.fresh(), REDIS_URL: backing.redisUrl };
    const environment = {
      ...SECRETS,
      ...(layout.on === 'postgres' ? shared : { DATABASE_URL: `sqlite:${folder}/chalk-talk.db` }),
      ...{ PORT: '0', SCRIPTS_DIR: join(folder, 'scripts'), LOG_LEVEL: 'info' },
      ...layout.settings,
    };
    const nodes = [await startNode(environment, layout.flags)];
    const key = await addSite(nodes[0]?.url ?? '');
    // Those that start after it know the site from the beginning.
    while (nodes.length < layout.nodes) nodes.push(await startNode(environment, layout.flags));
    return new Nodes(backing, folder, nodes, key);
  }

  get urls(): readonly string[] {
    return this.#nodes.map(({ url }) => url);
  }

  get ports(): readonly number[] {
    return this.#nodes.map(({ port }) => port);
  }

  /** A token that is good with an Origin and without one. */
  token(person: string, room: string): Promise<string> {
    return signToken(this.#key, { person, name: `Person ${person}`, rooms: { [room]: 'member' } });
  }

  /** So many people in each of so many rooms. */
  members(rooms: number, size: number): Promise<readonly Member[]> {
    return Promise.all(
      seats(rooms, size).map(async ({ room, person }) => ({ room, token: await this.token(person, room) })),
    );
  }

  /**
   * Lets these in, each neighbour at another node, so that every room is spread over all of them.
   */
  async gather(members: readonly Member[]): Promise<void> {
    for (const [index, port] of this.ports.entries()) {
      const here = members.filter((_, seat) => seat % this.ports.length === index);
      await this.load.ask('gather', { dialect: 'chalk-talk', port, members: here });
    }
  }

  async usage(): Promise<Usage> {
    const cpu = await Promise.all(this.#nodes.map(({ child }) => child.cpu()));
    return { ...(await this.#backing.usage()), nodes: sum(cpu) };
  }

  /** What `/metrics` says, of all nodes together. */
  async metrics(): Promise<Exposition> {
    const headers = { Authorization: `Bearer ${SECRETS['METRICS_TOKEN'] ?? ''}` };
    const pages = this.urls.map(async url => (await fetch(`${url}/metrics`, { headers })).text());
    return Exposition.sum((await Promise.all(pages)).map(page => Exposition.parse(page)));
  }

  /** Of all nodes together, after garbage is collected. */
  async memory(): Promise<MemoryFigure> {
    const each = await Promise.all(this.#nodes.map(({ child }) => child.ask('memory')));
    return { live: sum(each.map(({ live }) => live)), resident: sum(each.map(({ resident }) => resident)) };
  }

  async close(): Promise<void> {
    await this.load.end();
    await Promise.all(this.#nodes.map(({ child }) => child.end()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Lets nodes be measured; they are new, and gone afterwards. */
export async function withNodes<Figure>(
  backing: Backing,
  layout: Layout,
  measure: (nodes: Nodes) => Promise<Figure>,
): Promise<Figure> {
  const nodes = await Nodes.start(backing, layout);
  try {
    return await measure(nodes);
  } finally {
    await nodes.close();
  }
}

async function startNode(environment: Readonly<Record<string, string>>, flags: readonly string[] = []): Promise<Node> {
  const child = new Child<NodeAnswers>(new URL('../servers/node-server.js', import.meta.url), flags);
  const url = await child.ask('start', environment);
  return { url, port: Number(new URL(url).port), child };
}

async function addSite(url: string): Promise<TestKey> {
  const api = new OperatorApi({ url, token: SECRETS['ADMIN_TOKEN'], insecure: true });
  const limits = { commandsPerSecond: RAISED_COMMANDS_PER_SECOND };
  await api.ask(SiteReportSchema, 'POST', '/sites', { id: SITE, origins: [PAGE_ORIGIN], limits });
  const { kid, secret = '' } = await api.ask(NewKeyAnswerSchema, 'POST', `/sites/${SITE}/keys`, { forServers: true });
  const signer = new TextEncoder().encode(secret);
  return { key: { site: SITE, kid, algorithm: 'HS256', material: signer, forServers: true }, signer };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
