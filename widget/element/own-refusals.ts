import type { ChalkErrorCode } from './events.js';

/** What each refusal that the script raises by itself says to the page's author; the server explains its own. Loaded when there is one. */
export const OWN_REFUSALS: Partial<Record<ChalkErrorCode, string>> = {
  token_missing: 'No token: `token` is empty, or `getToken` gave something else than a text.',
  protocol_unsupported: 'The server sent something that this script does not know. Reload the page.',
  room_forbidden: 'This person may not be in the room any longer: their role was taken back.',
  not_joined: 'There is no room yet: wait for `chalk-ready`.',
  role_forbidden: 'Nothing can be written here: the element is `readonly`, or the role does not allow it.',
  text_empty: 'A message needs some text.',
  too_large: 'What was written or drawn is over the limit for its kind.',
  outbox_full: 'Too much is waiting to be sent. It goes on when the connection is back.',
  outbox_expired: 'What had waited for more than 14 days was not sent.',
  token_person_changed: 'Somebody else is signed in now: what their predecessor had waiting was not sent.',
  unavailable: 'The server could not be reached, or answered something else than Chalk Talk does.',
};
