/**
 * A site's own server in Node: serves the page in ./public, and signs tokens for who has signed in.
 *
 *     npm install jose
 *     CHALK_KEY_ID=… CHALK_SECRET=… node server.mjs
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

import { SignJWT } from 'jose';

const { CHALK_SITE = 'acme', CHALK_KEY_ID, CHALK_SECRET, PORT = '8080' } = process.env;
if (!CHALK_KEY_ID || !CHALK_SECRET)
  throw new Error('CHALK_KEY_ID and CHALK_SECRET: as `chalk-talk keys add` told them');
const secret = Buffer.from(CHALK_SECRET, 'utf8');

const USERS = {
  ann: { name: 'Ann', rooms: { 'algebra-101': 'moderator' } },
  bo: { name: 'Bo', rooms: { 'algebra-101': 'member' } },
};

/** Put your own login here: look the session cookie up, as your other pages do. This one believes whatever the cookie says. */
function signedInUser(request) {
  const id = /(?:^|; )trial_user=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  return Object.hasOwn(USERS, id) ? { id, ...USERS[id] } : undefined;
}

/** What they may do comes from what you know of them, never from what was asked. */
const signToken = user =>
  new SignJWT({ name: user.name, rooms: user.rooms })
    .setProtectedHeader({ alg: 'HS256', kid: CHALK_KEY_ID })
    .setIssuer(CHALK_SITE)
    .setAudience('chalk-talk')
    .setSubject(user.id)
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(secret);

async function answerToken(request, response) {
  // The element sends this header. A form on a foreign page can't, and a foreign script would be asked for CORS first.
  if (!request.headers['x-chalk-talk']) return void response.writeHead(403).end();
  const user = signedInUser(request);
  if (!user) return void response.writeHead(401).end();
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(200, headers).end(JSON.stringify({ token: await signToken(user) }));
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

async function answerFile(path, response) {
  const name = path === '/' ? 'index.html' : path.slice(1);
  if (!/^[\w-]+(?:\.[\w-]+)*$/.test(name)) return void response.writeHead(404).end();
  const content = await readFile(`public/${name}`).catch(() => undefined);
  if (!content) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(content);
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/chalk-token' && request.method === 'POST') await answerToken(request, response);
  else if (request.method === 'GET') await answerFile(pathname, response);
  else response.writeHead(405).end();
}).listen(Number(PORT), '127.0.0.1', () => console.log(`http://localhost:${PORT}/`));
