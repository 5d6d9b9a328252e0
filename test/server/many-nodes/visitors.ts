/** People in the room by the client that pages use. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { Connections, realPlatform, type RoomSession } from '../../../widget/session/index.js';
import { PATIENCE, within } from '../../support/patience.js';
import { type GroupedNode, SITE } from './node-group.js';
import { ROOM } from './people.js';

/** @param server where it connects to, if not to the node itself */
export async function visit(
  t: TestContext,
  node: GroupedNode | undefined,
  person: string,
  server = node?.url ?? assert.fail('there is no such node'),
): Promise<RoomSession> {
  assert.ok(node);
  const getToken = () => node.token({ person });
  const session = new Connections(realPlatform()).room({ server, site: SITE, room: ROOM, getToken });
  t.after(() => session.close());
  await until(session, `${person} to be in`, () => session.history.loaded && session.status === 'connected');
  return session;
}

/** Resolves when something is true of a session. @param what is waited for, in words */
export function until(session: RoomSession, what: string, isTrue: () => boolean): Promise<void> {
  const comes = new Promise<void>(resolve => {
    const stop = session.subscribe(() => {
      if (!isTrue()) return;
      resolve();
      // It is called at once as well, before there is anything to stop.
      queueMicrotask(() => stop());
    });
  });
  return within(PATIENCE, comes, () => {
    const { status, waiting, messages } = session;
    return `waited for ${what}: ${status}, with ${messages.length} messages, and ${waiting} things not acknowledged`;
  });
}

export function textsOf(session: RoomSession): readonly string[] {
  return session.messages.map(({ text }) => text);
}
