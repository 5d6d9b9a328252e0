/** The tag as Vue's tools see it, in JSX and in templates: what is right compiles, what is wrong does not. */
/** @jsxImportSource vue */
import type { GlobalComponents } from 'vue';

import type {} from 'chalk-talk/vue';

export const right = (
  <chalk-talk
    class="room"
    site="acme"
    room="algebra-101"
    token-url="/chalk-token"
    theme="dark"
    corner="top-start"
    preconnect
    onChalk-presence={event => event.people.map(person => person.name)}
  />
);

export const wrong = [
  // @ts-expect-error there is no such theme
  <chalk-talk theme="black" />,
  // @ts-expect-error yes or no
  <chalk-talk readonly="sometimes" />,
  // @ts-expect-error this event has no such field
  <chalk-talk onChalk-presence={event => event.role} />,
];

type Props = InstanceType<GlobalComponents['chalk-talk']>['$props'];
export const props: Props = { site: 'acme', 'onChalk-unread': event => event.count.toFixed() };
// @ts-expect-error a number of rooms is no room
export const wrongProps: Props = { room: 101 };
