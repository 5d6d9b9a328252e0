import { type Entrance, findEntrance, type Wishes } from '../entrance.js';
import { whatIsMissing } from '../author-words.js';
import type { RoomAddress } from './ask-server.js';

/** Where the page wants to go, and how; or what it has to say for that. */
export type Configuration =
  | { readonly entrance: Exclude<Entrance, { kind: 'missing' }>; readonly address: RoomAddress }
  | { readonly fault: string };

/** Reads what the page says as the element does, and a little more strictly. */
export function readConfiguration(wishes: Wishes): Configuration {
  const { server, site, room } = wishes;
  const entrance = findEntrance(
    wishes,
    () => wishes,
    () => {},
  );
  if (entrance.kind === 'missing') return { fault: whatIsMissing(wishes) };
  const { origin, protocol } = new URL(server, document.baseURI);
  // A name alone would be a path of the page, or a scheme of its own.
  if (!/^(?:https?:)?\//i.test(server) || !/^https?:$/.test(protocol)) {
    return { fault: `\`server="${server}"\` must begin with https:// (on your own machine with http://).` };
  }
  return { entrance, address: { server: new URL(origin), site, room } };
}
