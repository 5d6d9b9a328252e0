import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Snapshot } from '../../protocol/timeline/state.js';
import { newCommandId } from '../../protocol/names.js';
import type { CommandBody } from '../../protocol/timeline/commands/index.js';
import { ORIGIN } from '../support/backend.js';
import { codeOf, Talker } from '../support/talker.js';
import { signToken } from '../support/tokens.js';
import { clear, draw, erase, post, undo } from '../support/commands.js';
import { Battlefield } from './battlefield.js';
import { ROOM } from './bystanders.js';
import { codeIn, knock, knockAt } from './doors.js';
import { stroke } from '../support/strokes.js';

const SECRET = 'only for globex';

test('2. Tenancy: one site from another, one person from another', async t => {
  const field = await Battlefield.open(t);
  const { backend } = field;
  const server = backend.url;
  const { sites } = backend.app;
  // What there is at the other site: a room of the same name, and one of its own.
  const victim = await Talker.enter(backend, { site: 'globex', person: 'victim' });
  const theirs = await victim.join(ROOM);
  await victim.join('vault');
  const shape = await victim.draw(ROOM);
  const command = newCommandId();
  await victim.command(ROOM, post(SECRET), command);
  await victim.post('vault', SECRET);

  const eve = await Talker.enter(backend, { person: 'eve' });
  const ours = await eve.join(ROOM);
  const order = async (body: CommandBody, room = ROOM): Promise<string> =>
    codeOf(await eve.ask('command', { room, id: newCommandId(), body })) ?? 'done';

  await field.attack("a token of one site at the other's door", 'token_invalid', async () =>
    knock({ server, site: 'globex', token: await backend.token({ site: 'acme' }) }),
  );
  await field.attack('a site in the path that is not in the token', 'token_invalid', async () =>
    knockAt('HTTP', { server, site: 'globex', room: 'vault', token: await backend.token() }),
  );
  await field.attack("the other site's room by its name", 'own room, empty', async () => {
    const { head, here } = await eve.join('vault');
    return head.seq === 0 && here.length === 1 ? 'own room, empty' : 'in their room';
  });
  for (const room of ['globex/vault', 'globex:vault', '../globex/vault', `globex/${ROOM}`]) {
    await field.attack(
      `the room ${room}`,
      'invalid_input',
      async () => codeOf(await eve.ask('join', { room })) ?? 'in',
    );
  }
  await field.attack("the other site's epoch and seq in catchup", 'a reset to the own end', async () => {
    const answer = await eve.ask('catchup', { room: ROOM, after: { epoch: theirs.head.epoch, seq: 0 } });
    assert.ok(answer.ok);
    return answer.reset && answer.head.epoch === ours.head.epoch ? 'a reset to the own end' : 'a tail';
  });
  await field.attack("the other site's shape in an erasing", 'nothing erased', async () => {
    await order(erase([shape]));
    const { shapes } = await snapshotOf(server, 'globex', await backend.token({ site: 'globex' }));
    return shapes.some(({ id }) => id === shape) ? 'nothing erased' : 'erased';
  });
  await field.attack("the other site's command in an undo", 'undo_unknown', () => order(undo(command)));
  await field.attack("the other site's shape id for a stroke of one's own", 'another shape', async () => {
    const theirShape = async () => {
      const { shapes } = await snapshotOf(server, 'globex', await backend.token({ site: 'globex' }));
      return shapes.find(({ id }) => id === shape);
    };
    const before = await theirShape();
    await eve.draw(ROOM, shape);
    assert.deepEqual(await theirShape(), before);
    return 'another shape';
  });
  await field.attack("the other site's command id for a command of one's own", 'another command', async () => {
    await eve.command(ROOM, post('mine'), command);
    const { messages } = await snapshotOf(server, 'acme', await backend.token());
    return messages.some(({ text }) => text === 'mine') ? 'another command' : 'theirs';
  });
  await field.attack("the other site's live handle", 'heard by nobody', async () => {
    eve.socket.emit('l', theirs.handle, ['at', 666, 666]);
    // Answered behind it.
    await eve.ask('read', { room: ROOM, seq: 0 });
    await victim.ask('read', { room: ROOM, seq: 0 });
    return victim.unasked('f').some(args => JSON.stringify(args).includes('666')) ? 'heard' : 'heard by nobody';
  });
  await field.attack('history of the room of the same name', 'only the own', async () => {
    const url = `${server}/v1/sites/acme/rooms/${ROOM}/messages?before=999999`;
    const answer = await fetch(url, { headers: { origin: ORIGIN, authorization: `Bearer ${await backend.token()}` } });
    return (await answer.text()).includes(SECRET) ? 'theirs' : 'only the own';
  });
  await field.attack("a guest's token of one site at the other", 'token_invalid', async () => {
    const headers = { origin: ORIGIN, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Zoe', room: 'open-house' });
    const answer = await fetch(`${server}/v1/sites/acme/guests`, { method: 'POST', headers, body });
    const { token } = (await answer.json()) as { token: string };
    return knock({ server, site: 'globex', token });
  });

  for (const [name, request, code] of [
    ['a refresh that switches the site', { site: 'globex', person: 'eve' }, 'token_invalid'],
    ['a refresh that switches the person', { person: 'ann' }, 'token_person_changed'],
  ] as const) {
    await field.attack(name, code, async () => {
      return codeOf(await eve.ask('refresh', { token: await backend.token(request) })) ?? 'done';
    });
  }
  await field.attack('a command after a refresh that took the room away', 'not_joined', async () => {
    const mallory = await Talker.enter(backend, { person: 'mallory' });
    await mallory.join(ROOM);
    const token = await backend.token({ person: 'mallory', rooms: { attic: 'member' } });
    await mallory.ask('refresh', { token });
    const body = post('still in');
    const answer = await mallory.ask('command', { room: ROOM, id: newCommandId(), body });
    mallory.socket.disconnect();
    return codeOf(answer) ?? 'done';
  });
  await field.attack('a command after a refresh that made a viewer', 'role_forbidden', async () => {
    const mallory = await Talker.enter(backend, { person: 'mallory' });
    await mallory.join(ROOM);
    await mallory.ask('refresh', { token: await backend.token({ person: 'mallory', rooms: { [ROOM]: 'viewer' } }) });
    const answer = await mallory.ask('command', { room: ROOM, id: newCommandId(), body: clear() });
    mallory.socket.disconnect();
    return codeOf(answer) ?? 'done';
  });
  await field.attack("another person's stroke in an undo", 'undo_unknown', async () => {
    const id = newCommandId();
    const { near } = field.bystanders;
    await near.command(ROOM, draw(stroke({ points: 'CCCC' })), id);
    return order(undo(id));
  });

  await field.attack('a room that a grant of the same beginning does not name', 'room_forbidden', async () => {
    const token = await backend.token({ rooms: { 'algebra-*': 'member' } });
    return knockAt('HTTP', { server, room: 'algebr', token });
  });
  await field.attack('the grant a* for the room a:b', 'room_forbidden', async () =>
    knockAt('HTTP', { server, room: 'a:b', token: await backend.token({ rooms: { 'a*': 'member' } }) }),
  );
  await field.attack('the grant a:*', 'token_claims', async () =>
    knock({ server, token: await backend.token({ claims: { rooms: { 'a:*': 'member' } } }) }),
  );

  await field.attack('a person who was revoked, connected', 'person_revoked', async () => {
    const gone = await Talker.enter(backend, { person: 'gone' });
    await sites.revocations.revoke('acme', 'person', 'gone');
    return (await gone.hears('bye')).code;
  });
  await field.attack('a person who was revoked, again with a new token', 'person_revoked', async () =>
    knock({ server, token: await backend.token({ person: 'gone' }) }),
  );
  await field.attack('a token that was revoked by its jti', 'token_revoked', async () => {
    await sites.revocations.revoke('acme', 'token', 'stolen');
    return knock({ server, token: await backend.token({ person: 'careless', claims: { jti: 'stolen' } }) });
  });
  const leaked = await field.key('acme');
  await field.attack('a token of a key that was revoked, connected', 'token_invalid', async () => {
    const lost = new Talker(backend.connect({ token: await signToken(leaked, { person: 'lost' }) }));
    await lost.hears('welcome');
    await sites.revokeKey('acme', leaked.key.kid);
    return (await lost.hears('bye')).code;
  });
  await field.attack('a token of a key that was revoked, again', 'token_invalid', async () =>
    knock({ server, token: await signToken(leaked, { person: 'lost' }) }),
  );
  await field.attack('an order of a site that there is not', 'site_unknown', async () =>
    codeIn(await fetch(`${server}/v1/sites/initech/rooms/${ROOM}/snapshot`, { headers: { origin: ORIGIN } })),
  );
});

async function snapshotOf(server: string, site: string, token: string): Promise<Snapshot> {
  const url = `${server}/v1/sites/${site}/rooms/${ROOM}/snapshot`;
  const answer = await fetch(url, { headers: { origin: ORIGIN, authorization: `Bearer ${token}` } });
  return (await answer.json()) as Snapshot;
}
