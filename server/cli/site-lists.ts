import { SiteReportSchema } from '../../protocol/schema/admin.js';
import type { Command, CommandContext } from './command.js';
import { roomRoles } from './given.js';
import { FailedError } from './operator-api.js';
import { sitePath } from './paths.js';
import { changeSite } from './sites.js';

/** What a site lists: origins and rules for guests. */
export const SITE_LIST_COMMANDS: readonly Command[] = [
  {
    name: 'sites origins add',
    operands: ['SITE', 'ORIGIN...'],
    about: 'let pages of more origins embed a site',
    remote: true,
    async run(context) {
      const { origins } = await current(context);
      await changeSite(context, { origins: [...new Set([...origins, ...context.given.operandsFrom(1)])] });
    },
  },
  {
    name: 'sites origins remove',
    operands: ['SITE', 'ORIGIN...'],
    about: 'no longer let them; who is connected from there is out',
    remote: true,
    async run(context) {
      const { origins } = await current(context);
      const gone = context.given.operandsFrom(1);
      mustBeListed(gone, origins);
      await changeSite(context, { origins: origins.filter(origin => !gone.includes(origin)) });
    },
  },
  {
    name: 'sites guests set',
    operands: ['SITE', 'ROOM=ROLE...'],
    about: 'admit guests to a room, or to all that begin alike (`open-*`), in a role',
    remote: true,
    async run(context) {
      const { guests } = await current(context);
      await changeSite(context, { guests: { ...guests, ...roomRoles(context.given.operandsFrom(1)) } });
    },
  },
  {
    name: 'sites guests remove',
    operands: ['SITE', 'ROOM...'],
    about: 'no longer admit guests there',
    remote: true,
    async run(context) {
      const { guests } = await current(context);
      const gone = context.given.operandsFrom(1);
      mustBeListed(gone, Object.keys(guests));
      const left = Object.entries(guests).filter(([room]) => !gone.includes(room));
      await changeSite(context, { guests: Object.fromEntries(left) });
    },
  },
];

function current({ api, given }: CommandContext) {
  return api().ask(SiteReportSchema, 'GET', sitePath(given.operand(0)));
}

function mustBeListed(wanted: readonly string[], listed: readonly string[]): void {
  const missing = wanted.find(one => !listed.includes(one));
  if (missing !== undefined) throw new FailedError('not_listed', `The site does not list ${missing}.`);
}
