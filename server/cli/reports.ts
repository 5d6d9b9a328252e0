import { StatusAnswerSchema, UsageAnswerSchema } from '../../protocol/schema/admin.js';
import { type Command, showing } from './command.js';
import { count, duration, size } from './figures.js';
import { sitePath } from './paths.js';

/** What the server and its sites are at. */
export const REPORT_COMMANDS: readonly Command[] = [
  showing({
    name: 'status',
    operands: [],
    about: 'show what the running server is at',
    form: StatusAnswerSchema,
    path: () => '/status',
    show: (status, { screen }) =>
      screen.pairs([
        ['version', status.version],
        ['pages reach it at', status.publicUrl],
        ['ready', status.ready ? 'yes' : 'no'],
        ['running for', duration(status.uptime)],
        ['sites', count(status.sites)],
        ['connections', count(status.connections)],
      ]),
  }),
  showing({
    name: 'usage',
    operands: ['SITE'],
    options: { days: { type: 'string', value: 'N', about: 'of the last N days (default: 30)' } },
    about: 'show what a site had kept, day by day',
    form: UsageAnswerSchema,
    path: given => {
      const days = given.count('days');
      return `${sitePath(given.operand(0))}/usage${days === undefined ? '' : `?days=${days}`}`;
    },
    show: (usage, { screen }) => {
      const { site, connections, rooms, total } = usage;
      screen.line(`${site}: ${count(connections)} connected just now, ${count(rooms)} rooms that hold something`);
      screen.line();
      screen.table(
        ['day', 'messages', 'shapes', 'events', 'size'].map(title =>
          title === 'day' ? { title } : { title, align: 'right' },
        ),
        [...usage.days, { day: 'total', ...total }].map(({ day, messages, shapes, events, bytes }) => [
          day,
          count(messages),
          count(shapes),
          count(events),
          size(bytes),
        ]),
      );
    },
  }),
];
