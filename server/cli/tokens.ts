import { type TrialToken, TrialTokenAnswerSchema } from '../../protocol/schema/admin.js';
import type { Command } from './command.js';
import { moment } from './figures.js';
import { roomRoles, UsageError } from './command-line.js';
import { sitePath } from './paths.js';
import { allow, listing, revoke } from './revocations.js';
import { seconds } from './times.js';

/** Tokens: `chalk-talk tokens …` */
export const TOKEN_COMMANDS: readonly Command[] = [
  {
    name: 'tokens sign',
    operands: ['SITE'],
    options: {
      person: { type: 'string', value: 'ID', about: "the person's id: `sub`" },
      name: { type: 'string', value: 'NAME', about: 'what people read (default: the id)' },
      room: { type: 'string', multiple: true, value: 'ROOM=ROLE', about: 'a room, or `course-*`, and the role in it' },
      lifetime: { type: 'string', value: 'TIME', about: '45s, 30m or 8h, 24h at most (default: 1h)' },
      kid: { type: 'string', value: 'KID', about: 'the HS256 key that signs (default: the newest)' },
    },
    about: "sign a person's token, to try things out",
    remote: true,
    async run({ api, given, screen, now }) {
      const sub = given.text('person');
      const rooms = given.texts('room');
      if (sub === undefined || !rooms)
        throw new UsageError('Name a person and a room: --person ann --room lobby=member');
      const [lifetime, kid] = [given.text('lifetime'), given.text('kid')];
      const wish: TrialToken = {
        sub,
        name: given.text('name') ?? sub,
        rooms: roomRoles(rooms),
        ...(lifetime !== undefined && { lifetime: seconds(lifetime) }),
        ...(kid !== undefined && { kid }),
      };
      const answer = await api().ask(TrialTokenAnswerSchema, 'POST', `${sitePath(given.operand(0))}/tokens`, wish);
      screen.answer(answer, () => {
        screen.line(answer.token);
        screen.line();
        screen.line(
          `Signed with ${answer.kid}; ends ${moment(answer.expires, now())}. Until then whoever has it is ${sub}.`,
        );
        screen.line(`To end it sooner: chalk-talk tokens revoke ${given.operand(0)} ${answer.jti}`);
      });
    },
  },
  listing(
    'token',
    { name: 'tokens list', about: 'list the tokens that a site has revoked' },
    'No token is revoked there.',
  ),
  {
    name: 'tokens revoke',
    operands: ['SITE', 'JTI'],
    about: 'end one token by its `jti` at once; who came with it is out',
    remote: true,
    run: context =>
      revoke(context, 'token', undefined, (jti, end) => {
        return `The token ${jti} is revoked${end === undefined ? '' : ` until ${end}, when it can't be good any more`}.`;
      }),
  },
  {
    name: 'tokens allow',
    operands: ['SITE', 'JTI'],
    about: 'take that back',
    remote: true,
    run: context => allow(context, 'token', 'is good again, until it ends.'),
  },
];
