/** The element in plain TypeScript, and the client: what is right compiles, what is wrong does not. */
import type { ChalkReadyEvent, ChalkTalk, GetToken } from 'chalk-talk';
import { connect, type RoomSession } from 'chalk-talk/client';

declare const page: Document;

const element: ChalkTalk = page.createElement('chalk-talk');
const getToken: GetToken = async ({ site, room }) => (await fetch(`/token/${site}/${room}`)).text();
element.getToken = getToken;
element.addEventListener('chalk-ready', (event: ChalkReadyEvent) => event.title.trim());
element.addEventListener('chalk-before-send', event => event.text.trim() || event.preventDefault());
export const key: string | undefined = element.send('Hello');
export const picture: Promise<Blob> = element.exportSketch('svg');
export const found: Promise<string> = element.diagnose().then(({ finding, message }) => `${finding}: ${message}`);

const room: RoomSession = connect({ server: 'https://x.example', site: 'acme', room: 'a', getToken: async () => '' });
export const texts: readonly string[] = room.messages.map(({ text }) => text);

// @ts-expect-error there is no such format
void element.exportSketch('gif');
// @ts-expect-error a room's name is text
element.room = 101;
// @ts-expect-error this event has no such field
element.addEventListener('chalk-unread', event => event.text);
// @ts-expect-error without a room there is nowhere to go
connect({ server: 'https://x.example', site: 'acme', getToken: async () => '' });
