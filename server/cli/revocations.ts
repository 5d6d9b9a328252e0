/**
 * What `chalk-talk people` and `chalk-talk tokens` have in common: a site revokes both, and takes
 * both back.
 */
import { RevocationReportSchema, RevocationsAnswerSchema } from '../../protocol/schema/admin.js';
import { type Command, type CommandContext, showing } from './command.js';
import { moment } from './figures.js';
import { revocationPath } from './paths.js';
import { END_OPTIONS, endIn } from './times.js';

type Kind = 'person' | 'token';

/** A command that lists those of a site, newest first. */
export function listing(kind: Kind, names: Pick<Command, 'name' | 'about'>, none: string): Command {
  return showing({
    ...names,
    operands: ['SITE'],
    form: RevocationsAnswerSchema,
    path: given => revocationPath(given.operand(0), { kind }),
    show: ({ revocations }, { screen, now }) => {
      if (revocations.length === 0) screen.line(none);
      else {
        screen.table(
          [{ title: kind }, { title: 'revoked' }, { title: 'until' }],
          revocations.map(({ subject, revokedAt, until }) => {
            return [subject, moment(revokedAt, now()), until === null ? 'for good' : moment(until, now())];
          }),
        );
      }
    },
  });
}

/**
 * Revokes who or what is named behind the site.
 *
 * @param until milliseconds since 1970; undefined leaves it to the server
 * @param done says so, and until when; undefined where that is for good
 */
export async function revoke(
  { api, given, screen, now }: CommandContext,
  kind: Kind,
  until: number | undefined,
  done: (subject: string, until: string | undefined) => string,
): Promise<void> {
  const [site, subject] = [given.operand(0), given.operand(1)];
  const wish = { kind, subject, ...(until !== undefined && { until }) };
  const report = await api().ask(RevocationReportSchema, 'POST', revocationPath(site), wish);
  const end = report.until === null ? undefined : moment(report.until, now());
  screen.answer(report, () => screen.line(done(subject, end)));
}

/** Takes that back. */
export async function allow({ api, given, screen }: CommandContext, kind: Kind, done: string): Promise<void> {
  const [site, subject] = [given.operand(0), given.operand(1)];
  await api().tell('DELETE', revocationPath(site, { kind, subject }));
  screen.done(`${subject} ${done}`);
}

/** People: `chalk-talk people …` */
export const PEOPLE_COMMANDS: readonly Command[] = [
  listing('person', { name: 'people list', about: 'list whom a site has revoked' }, 'Nobody is revoked there.'),
  {
    name: 'people revoke',
    operands: ['SITE', 'PERSON'],
    options: END_OPTIONS,
    about: "put a person (a token's `sub`) out of a site at once, and let them in no more",
    remote: true,
    // Async, since what is no time throws.
    run: async context =>
      revoke(context, 'person', endIn(context.given, context.now()), (person, end) => {
        return `${person} is revoked ${end === undefined ? 'for good' : `until ${end}`}: out at once, whatever token they come with.`;
      }),
  },
  {
    name: 'people allow',
    operands: ['SITE', 'PERSON'],
    about: 'take that back',
    remote: true,
    run: context => allow(context, 'person', 'may come in again, with a token that is good.'),
  },
];
