import { ChatPanel } from '../chat/chat-panel.js';
import { Composer } from '../chat/composer.js';
import { MessageList } from '../chat/message-list.js';
import { Connections } from '../session/index.js';
import { ChalkTalk } from './chalk-talk.js';
import { PeopleMenu } from './people-menu.js';

/** What the element is made of. */
const PARTS: readonly (readonly [string, CustomElementConstructor])[] = [
  ['chalk-chat', ChatPanel],
  ['chalk-messages', MessageList],
  ['chalk-composer', Composer],
  ['chalk-people', PeopleMenu],
];

/**
 * Registers `<chalk-talk>` and what it is made of, with the connections that all elements of the
 * page share. Where one of the names is taken (this script twice, or another version of it) nothing
 * is registered and what was there stays as it is.
 *
 * @param home origin of the backend for elements that name none
 */
export function define(home: string): void {
  const names = ['chalk-talk', ...PARTS.map(([name]) => name)];
  if (names.some(name => customElements.get(name))) return;
  for (const [name, part] of PARTS) customElements.define(name, part);
  const connections = new Connections();
  customElements.define(
    'chalk-talk',
    class extends ChalkTalk {
      override readonly connections = connections;
      protected override readonly home = home;
    },
  );
}
