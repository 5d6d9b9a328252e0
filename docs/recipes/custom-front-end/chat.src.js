/**
 * A front end of one's own over the element's session: what is said as a list, a form to say something, and how much was drawn.
 *
 *     npm install chalk-talk-0.1.0.tgz esbuild        (the element's packed package, as the README shows)
 *     npx esbuild chat.src.js --bundle --format=esm --outfile=public/chat.js
 */
import { connect } from 'chalk-talk/client';

const place = { server: 'http://localhost:3000', site: 'acme', room: 'algebra-101' };

/** Asks this page's own server, as the element does for `token-url`. */
async function getToken() {
  const { site, room } = place;
  const headers = { 'X-Chalk-Talk': '1', 'Content-Type': 'application/json' };
  const answer = await fetch('/chalk-token', { method: 'POST', headers, body: JSON.stringify({ site, room }) });
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
}

const room = connect({ ...place, getToken });
const byId = id => document.getElementById(id);

function asItem({ person, text, state }) {
  const item = document.createElement('li');
  item.textContent = `${person.name}: ${text}${state === 'pending' ? ' …' : ''}`;
  return item;
}

room.subscribe(changed => {
  if (changed.has('status')) byId('status').textContent = room.refusal?.message ?? room.status;
  if (changed.has('messages')) byId('messages').replaceChildren(...room.messages.map(asItem));
  if (changed.has('board')) byId('strokes').textContent = room.board.shapes.size;
});

byId('composer').addEventListener('submit', event => {
  event.preventDefault();
  const { text } = event.target.elements;
  if (text.value.trim() === '') return;
  room.send(text.value);
  text.value = '';
});
