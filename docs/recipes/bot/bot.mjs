/**
 * A bot in Node: answers `!strokes` with the number of strokes on the board.
 *
 *     npm install chalk-talk-0.1.0.tgz jose        (the element's packed package, as the README shows)
 *     npx chalk-talk keys add acme --for-servers
 *     CHALK_KEY_ID=… CHALK_SECRET=… node bot.mjs
 *
 * A program sends no Origin, so its token must be signed with a key that is marked for servers.
 */
import { connect } from 'chalk-talk/client';
import { SignJWT } from 'jose';

const { CHALK_SERVER = 'http://localhost:3000', CHALK_SITE = 'acme', CHALK_ROOM = 'algebra-101' } = process.env;
const { CHALK_KEY_ID, CHALK_SECRET } = process.env;
if (!CHALK_KEY_ID || !CHALK_SECRET)
  throw new Error('CHALK_KEY_ID and CHALK_SECRET: as `chalk-talk keys add` told them');

/** Asked again before a token ends. */
const getToken = () =>
  new SignJWT({ name: 'Counter', rooms: { [CHALK_ROOM]: 'member' } })
    .setProtectedHeader({ alg: 'HS256', kid: CHALK_KEY_ID })
    .setIssuer(CHALK_SITE)
    .setAudience('chalk-talk')
    .setSubject('bot:counter')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(CHALK_SECRET, 'utf8'));

const room = connect({ server: CHALK_SERVER, site: CHALK_SITE, room: CHALK_ROOM, getToken });

/** The last message that was looked at; undefined until the room is here: what was said before is not for us. */
let seen;
room.subscribe(() => {
  if (room.status === 'refused') throw new Error(room.refusal?.message);
  if (!room.history.loaded) return;
  const kept = room.messages.filter(({ seq }) => seq !== undefined);
  const last = kept.at(-1)?.seq ?? 0;
  if (seen === undefined) console.log(`In ${room.title}`);
  else {
    for (const { seq, own, text } of kept) {
      if (seq > seen && !own && text === '!strokes') room.send(`There are ${room.board.shapes.size}.`);
    }
  }
  seen = last;
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => room.close());
