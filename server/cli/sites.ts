import { type NewSite, SiteReportSchema, SitesAnswerSchema, type SiteReport } from '../../protocol/schema/admin.js';
import { type Command, type CommandContext, showing } from './command.js';
import { type CommandOption, type Given, roomRoles, UsageError } from './command-line.js';
import { count } from './figures.js';
import { siteNextSteps } from './next-steps.js';
import { FailedError } from './operator-api.js';
import { publicUrl, sitePath } from './paths.js';
import type { Screen } from './screen.js';

const SETTINGS = {
  name: { type: 'string', value: 'NAME', about: 'what people read (default: the id)' },
  connections: { type: 'string', value: 'N', about: 'connections to the whole site' },
  'peers-per-room': { type: 'string', value: 'N', about: 'people in one room' },
  'commands-per-second': { type: 'string', value: 'N', about: 'messages and strokes a second over the whole site' },
  'bytes-per-second': { type: 'string', value: 'N', about: 'bytes a second that people of the whole site send' },
  'points-per-second': { type: 'string', value: 'N', about: 'points of ink a second over the whole site' },
  'stroke-times': {
    type: 'string',
    value: 'on|off',
    about: 'keep when each point of a stroke was drawn (default: on)',
  },
  'retention-days': { type: 'string', value: 'DAYS', about: 'days after which messages are forgotten, or `never`' },
} as const satisfies Readonly<Record<string, CommandOption>>;

const LIMITS = ['connections', 'peersPerRoom', 'commandsPerSecond', 'bytesPerSecond', 'pointsPerSecond'] as const;

/** Sites: `chalk-talk sites …` */
export const SITE_COMMANDS: readonly Command[] = [
  showing({
    name: 'sites list',
    operands: [],
    about: 'list all sites',
    form: SitesAnswerSchema,
    path: () => '/sites',
    show: ({ sites }, { screen }) => showSites(screen, sites),
  }),
  {
    name: 'sites add',
    operands: ['SITE'],
    options: {
      origin: { type: 'string', multiple: true, value: 'ORIGIN', about: 'an origin whose pages may embed it' },
      guests: {
        type: 'string',
        multiple: true,
        value: 'ROOM=ROLE',
        about: 'where guests are admitted, and in which role',
      },
      ...SETTINGS,
    },
    about: 'add a site, an embedding customer',
    remote: true,
    async run(context) {
      const { api, given, screen } = context;
      const [origins, guests] = [given.texts('origin'), given.texts('guests')];
      const wish: NewSite = {
        id: given.operand(0),
        ...settings(given),
        ...(origins && { origins: [...origins] }),
        ...(guests && { guests: roomRoles(guests) }),
      };
      const url = await publicUrl(context);
      const site = await api().ask(SiteReportSchema, 'POST', '/sites', wish);
      screen.answer(site, () => {
        showSite(screen, site);
        siteNextSteps(screen, site, url);
      });
    },
  },
  showing({
    name: 'sites show',
    operands: ['SITE'],
    about: 'show the settings of a site',
    form: SiteReportSchema,
    path: given => sitePath(given.operand(0)),
    show: (site, { screen }) => showSite(screen, site),
  }),
  {
    name: 'sites set',
    operands: ['SITE'],
    options: { ...SETTINGS, yes: { type: 'boolean', about: 'really: what is forgotten is gone for good' } },
    about: 'change settings of a site; what is not named stays',
    remote: true,
    async run(context) {
      const changes = settings(context.given);
      if (Object.keys(changes).length === 0) throw new UsageError('Name a setting to change.');
      await confirmForgetting(context, changes.retentionDays);
      await changeSite(context, changes);
    },
  },
  {
    name: 'sites remove',
    operands: ['SITE'],
    options: { yes: { type: 'boolean', about: 'really: it cannot be undone' } },
    about: 'remove a site with its keys, rooms and everything in them',
    remote: true,
    async run({ api, given, screen }) {
      const site = given.operand(0);
      if (!given.flag('yes')) {
        const message = `This removes the site ${site}, its keys, and all that was said and drawn in its rooms, for good. Say --yes.`;
        throw new FailedError('not_confirmed', message);
      }
      await api().tell('DELETE', sitePath(site));
      screen.done(`The site ${site} is gone, and everything of it.`);
    },
  },
];

/** Keeping things for fewer days than before forgets what is older now. */
async function confirmForgetting({ api, given }: CommandContext, days: number | null | undefined): Promise<void> {
  if (days === undefined || days === null || given.flag('yes')) return;
  const site = await api().ask(SiteReportSchema, 'GET', sitePath(given.operand(0)));
  if (site.retentionDays !== null && site.retentionDays <= days) return;
  const message = `What is older than ${count(days)} days is then forgotten for good, within an hour. Say --yes.`;
  throw new FailedError('not_confirmed', message);
}

/** Changes a site, and shows it as it is now. */
export async function changeSite({ api, given, screen }: CommandContext, changes: unknown): Promise<void> {
  const site = await api().ask(SiteReportSchema, 'PATCH', sitePath(given.operand(0)), changes);
  screen.answer(site, () => showSite(screen, site));
}

function settings(given: Given): Omit<NewSite, 'id' | 'origins' | 'guests'> {
  const [name, retention, times] = [given.text('name'), given.text('retention-days'), given.text('stroke-times')];
  // Each option is named as the limit is, with hyphens.
  const limits = Object.fromEntries(
    LIMITS.flatMap(limit => {
      const said = given.count(limit.replace(/[A-Z]/g, capital => `-${capital.toLowerCase()}`));
      return said === undefined ? [] : [[limit, said]];
    }),
  );
  return {
    ...(name !== undefined && { name }),
    ...(retention !== undefined && {
      retentionDays: retention === 'never' ? null : days(retention),
    }),
    ...(times !== undefined && { strokeTimes: isOn(times) }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

function days(said: string): number {
  const number = /^\d{1,5}$/.test(said) ? Number(said) : 0;
  if (number >= 1 && number <= 36_500) return number;
  throw new UsageError('--retention-days must be a whole number from 1 to 36500, or `never`.');
}

function isOn(said: string): boolean {
  if (said !== 'on' && said !== 'off') throw new UsageError('--stroke-times must be `on` or `off`.');
  return said === 'on';
}

function showSites(screen: Screen, sites: readonly SiteReport[]): void {
  if (sites.length === 0) {
    screen.line('There are no sites. Add one: chalk-talk sites add acme --origin https://www.example.com');
    return;
  }
  screen.table(
    [
      { title: 'site' },
      { title: 'name' },
      { title: 'connected', align: 'right' },
      { title: 'guests' },
      { title: 'origins' },
    ],
    sites.map(({ id, name, connections, guests, origins }) => [
      id,
      name,
      count(connections),
      Object.keys(guests).join(' ') || '-',
      origins.join(' ') || '-',
    ]),
  );
}

function showSite(screen: Screen, site: SiteReport): void {
  const { id, name, origins, guests, limits, retentionDays, strokeTimes, connections } = site;
  const rules = Object.entries(guests).map(([room, role]) => `${room}=${role}`);
  screen.pairs([
    ['site', id],
    ['name', name],
    ['origins', origins.join(' ') || 'none: no page may embed it'],
    ['guests', rules.join(' ') || 'not admitted'],
    ['connections', `${count(connections)} of ${count(limits.connections)}`],
    ['peers per room', count(limits.peersPerRoom)],
    ['commands per second', count(limits.commandsPerSecond)],
    ['bytes per second', count(limits.bytesPerSecond)],
    ['points per second', count(limits.pointsPerSecond)],
    ['stroke times', strokeTimes ? 'kept' : 'not kept'],
    ['forgets after', retentionDays === null ? 'never' : `${count(retentionDays)} days`],
  ]);
}
