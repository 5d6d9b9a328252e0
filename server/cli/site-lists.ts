import type { Command } from './command.js';
import { roomRoles } from './command-line.js';
import { changeSite } from './sites.js';

/**
 * What a site lists: origins and rules for guests. The server changes its lists, so that others may
 * do so at the same time.
 */
export const SITE_LIST_COMMANDS: readonly Command[] = [
  {
    name: 'sites origins add',
    operands: ['SITE', 'ORIGIN...'],
    about: 'let pages of more origins embed a site',
    remote: true,
    run: context => changeSite(context, { addOrigins: context.given.operandsFrom(1) }),
  },
  {
    name: 'sites origins remove',
    operands: ['SITE', 'ORIGIN...'],
    about: 'no longer let them; who is connected from there is out',
    remote: true,
    run: context => changeSite(context, { removeOrigins: context.given.operandsFrom(1) }),
  },
  {
    name: 'sites guests set',
    operands: ['SITE', 'ROOM=ROLE...'],
    about: 'admit guests to a room, or to all that begin alike (`open-*`), in a role',
    remote: true,
    // Async, since what is no ROOM=ROLE throws.
    run: async context => changeSite(context, { setGuests: roomRoles(context.given.operandsFrom(1)) }),
  },
  {
    name: 'sites guests remove',
    operands: ['SITE', 'ROOM...'],
    about: 'no longer admit guests there',
    remote: true,
    run: context => changeSite(context, { removeGuests: context.given.operandsFrom(1) }),
  },
];
