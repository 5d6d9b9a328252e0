/** The tag in React's JSX: what is right compiles, what is wrong does not. */
/** @jsxImportSource react */
import { useRef } from 'react';

import type { ChalkTalk } from 'chalk-talk';
import type {} from 'chalk-talk/react';

export function Room() {
  const element = useRef<ChalkTalk>(null);
  return (
    <>
      <chalk-talk
        ref={element}
        className="room"
        server="https://chalk.example.com"
        site="acme"
        room="algebra-101"
        token-url="/chalk-token"
        view="chat"
        mode="bubble"
        open
        readonly
        onchalk-ready={event => event.role === 'member'}
        onchalk-before-send={event => event.text.length > 0 || event.preventDefault()}
      />
      <chalk-talk site="acme" room="algebra-101" getToken={async ({ room, reason }) => `${room} ${reason}`} />

      {/* @ts-expect-error there is no such view */}
      <chalk-talk view="board" />
      {/* @ts-expect-error a name is text */}
      <chalk-talk site={7} />
      {/* @ts-expect-error there is no such attribute */}
      <chalk-talk rom="algebra-101" />
      {/* @ts-expect-error a token is text */}
      <chalk-talk getToken={() => 7} />
      {/* @ts-expect-error this event has no such field */}
      <chalk-talk onchalk-ready={event => event.count} />
      {/* @ts-expect-error this is another event */}
      <chalk-talk onchalk-unread={(event: { readonly shapes: object }) => event.shapes} />
    </>
  );
}
