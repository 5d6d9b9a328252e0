import { readFile } from 'node:fs/promises';

import {
  KeyReportSchema,
  KeysAnswerSchema,
  type KeyReport,
  type NewKeyAnswer,
  NewKeyAnswerSchema,
} from '../../protocol/schema/admin.js';
import { type Command, type CommandContext, showing } from './command.js';
import { type CommandOption, UsageError } from './command-line.js';
import { moment } from './figures.js';
import { keyNextSteps, rotationNextSteps } from './next-steps.js';
import { FailedError } from './operator-api.js';
import { keyPath, publicUrl } from './paths.js';

const PUBLIC_KEY = {
  'public-key': { type: 'string', value: 'FILE', about: 'the public key, for all but HS256: SPKI in PEM' },
} as const satisfies Readonly<Record<string, CommandOption>>;

const ALGORITHMS = ['HS256', 'ES256', 'EdDSA', 'RS256'] as const;

/** Keys: `chalk-talk keys …` */
export const KEY_COMMANDS: readonly Command[] = [
  showing({
    name: 'keys list',
    operands: ['SITE'],
    about: 'list the keys of a site, revoked ones too',
    form: KeysAnswerSchema,
    path: given => keyPath(given.operand(0)),
    show: ({ keys }, { given, screen, now }) => {
      if (keys.length === 0) screen.line(`No keys yet. Add one: chalk-talk keys add ${given.operand(0)}`);
      else {
        screen.table(
          [{ title: 'key' }, { title: 'algorithm' }, { title: 'for' }, { title: 'added' }, { title: 'revoked' }],
          keys.map(({ kid, algorithm, forServers, createdAt, revokedAt }) => [
            kid,
            algorithm,
            forServers ? 'pages, servers' : 'pages',
            moment(createdAt, now()),
            revokedAt === null ? '-' : moment(revokedAt, now()),
          ]),
        );
      }
    },
  }),
  {
    name: 'keys add',
    operands: ['SITE'],
    options: {
      kid: { type: 'string', value: 'KID', about: 'the id of the key (default: a random one)' },
      algorithm: { type: 'string', value: 'ALGORITHM', about: `${ALGORITHMS.join(', ')} (default: HS256)` },
      ...PUBLIC_KEY,
      'for-servers': { type: 'boolean', about: 'good for bots and servers too, which send no Origin' },
    },
    about: "add a key with which the site's own server signs tokens",
    remote: true,
    async run(context) {
      const { given, screen } = context;
      const [kid, algorithm] = [given.text('kid'), algorithmOf(given.text('algorithm'))];
      const url = await publicUrl(context);
      const answer = await addKey(context, {
        ...(kid !== undefined && { kid }),
        algorithm,
        ...(given.flag('for-servers') && { forServers: true }),
      });
      screen.answer(answer, () => keyNextSteps(screen, given.operand(0), answer, url));
    },
  },
  {
    name: 'keys mark',
    operands: ['SITE', 'KID'],
    about: 'mark a key as good for bots and servers, which send no Origin',
    remote: true,
    run: context => mark(context, true),
  },
  {
    name: 'keys unmark',
    operands: ['SITE', 'KID'],
    about: 'take that back',
    remote: true,
    run: context => mark(context, false),
  },
  {
    name: 'keys rotate',
    operands: ['SITE', 'KID'],
    options: PUBLIC_KEY,
    about: 'add a key of the same kind; the old one stays valid until it is revoked',
    remote: true,
    async run(context) {
      const { api, given, screen } = context;
      const [site, old] = [given.operand(0), given.operand(1)];
      const { keys } = await api().ask(KeysAnswerSchema, 'GET', keyPath(site));
      const before = keys.find(({ kid, revokedAt }) => kid === old && revokedAt === null);
      if (!before) throw new FailedError('key_unknown', `The site ${site} has no key ${old} that is not revoked.`);
      const { algorithm, forServers } = before;
      const answer = await addKey(context, { algorithm, forServers });
      screen.answer(answer, () => rotationNextSteps(screen, site, old, answer));
    },
  },
  {
    name: 'keys revoke',
    operands: ['SITE', 'KID'],
    about: 'end a key at once; who came with a token of it is out',
    remote: true,
    async run({ api, given, screen }) {
      const [site, kid] = [given.operand(0), given.operand(1)];
      await api().tell('DELETE', keyPath(site, kid));
      screen.done(`The key ${kid} is revoked. Nothing that it signed is good any more, and who came with that is out.`);
    },
  },
];

async function mark({ api, given, screen }: CommandContext, forServers: boolean): Promise<void> {
  const [site, kid] = [given.operand(0), given.operand(1)];
  const key = await api().ask(KeyReportSchema, 'PATCH', keyPath(site, kid), { forServers });
  const meaning = forServers
    ? 'good for bots and servers too'
    : 'good for pages alone, for whoever connects from now on';
  screen.answer(key, () => screen.line(`The key ${kid} is ${meaning}.`));
}

async function addKey(
  { api, given }: CommandContext,
  wish: { readonly algorithm: KeyReport['algorithm']; readonly kid?: string; readonly forServers?: boolean },
): Promise<NewKeyAnswer> {
  const file = given.text('public-key');
  if (wish.algorithm !== 'HS256' && file === undefined) {
    throw new UsageError(`A key for ${wish.algorithm} needs --public-key FILE.`);
  }
  const publicKey = file === undefined ? undefined : await readPublicKey(file);
  return api().ask(NewKeyAnswerSchema, 'POST', keyPath(given.operand(0)), { ...wish, ...(publicKey && { publicKey }) });
}

/** A private key is not sent anywhere, not even to be refused. */
async function readPublicKey(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch(() => {
    throw new FailedError('file_unreadable', `${file} can't be read.`);
  });
  if (pem.includes('PRIVATE KEY')) {
    const message = `${file} holds a private key, which must stay where it signs. Nothing was sent. Make the public one of it: openssl pkey -in ${file} -pubout`;
    throw new FailedError('private_key', message);
  }
  return pem;
}

function algorithmOf(said = 'HS256'): KeyReport['algorithm'] {
  const algorithm = ALGORITHMS.find(known => known.toLowerCase() === said.toLowerCase());
  if (!algorithm) throw new UsageError(`--algorithm must be one of ${ALGORITHMS.join(', ')}.`);
  return algorithm;
}
