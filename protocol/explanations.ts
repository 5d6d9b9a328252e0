import type { Refusal, RefusalCode } from './errors.js';

/**
 * What each refusal says to the page's author: what happened and what to do. They may be bettered;
 * programs rely on the codes. Only the server explains, on the way out, so that the sentences don't
 * weigh on every page; what a visitor reads comes from the widget's catalogue.
 */
export const EXPLANATIONS: Readonly<Record<RefusalCode, string>> = {
  // Who you are. Before a signature is verified the answer is always `token_invalid`: an attacker
  // learns nothing more.
  token_missing: 'No token was sent. Set `token`, `token-url` or `getToken`, or let the site admit guests.',
  token_invalid: 'The token is not one that a key of this site signed. Check the key id, the algorithm and the secret.',
  token_expired: 'The token has ended. Sign a new one; the widget asks `token-url` or `getToken` for it.',
  token_not_yet_valid: 'The token is not valid yet. Check the clock of the server that signs it.',
  token_wrong_audience: 'The token is for another audience: a person\'s token has `aud` "chalk-talk".',
  token_wrong_site: "The token's `iss` is not the site that this page names.",
  token_claims: 'The token lacks a claim, or one has a wrong form. See the table of claims in the README.',
  token_person_changed: 'A connection keeps its person: the new token names another `sub`.',
  token_revoked: 'This token was revoked. A new one may be good.',
  person_revoked: 'This person was revoked at this site. `chalk-talk people allow` takes that back.',
  origin_not_allowed: 'This origin is not on the list of the site. Add it to the site exactly as the browser sends it.',
  origin_missing: 'No Origin was sent: outside a browser, use a token signed with a key marked for servers.',
  site_unknown: 'There is no site with this id.',
  guests_not_allowed: 'This site does not admit guests here.',
  protocol_unsupported: 'This page runs an older Chalk Talk than the server speaks. Reload the page.',

  // What you may do.
  room_forbidden: 'The token does not name this room.',
  room_full: 'The room is full.',
  not_joined: 'Join the room first.',
  role_forbidden: 'The role in this room does not allow that.',

  // What you sent.
  invalid_input: 'What was sent does not have the form that the protocol asks for.',
  too_large: 'What was sent is over the limit for its kind.',
  text_empty: 'A message needs some text.',
  shape_id_taken: 'This shape id is in use. Make a new one.',
  shape_unknown: 'There is no such shape on the board.',
  board_full: 'The board holds as many shapes as it can. Erase some first.',
  too_many_rooms: 'This connection is in as many rooms as it may be.',
  command_id_reused: 'This command id was used before with another body. Make a new id.',
  undo_unknown: 'There is no such command of yours to undo.',
  undo_too_old: 'Only the last 100 commands can be undone.',
  not_found: 'There is nothing here.',

  // How much.
  rate_limited: 'Too much at once. Try again after the time given.',
  person_bytes_limited: 'This person sends more bytes than one may. Try again after the time given.',
  person_points_limited: 'This person draws more points than one may. Try again after the time given.',
  connection_messages_limited: 'This connection sends more than one may. Connect again after the time given.',
  connection_bytes_limited: 'This connection sends more bytes than one may. Connect again after the time given.',
  connection_points_limited: 'This connection draws more points than one may. Connect again after the time given.',
  site_messages_limited: 'The people of this site send more than its limit allows. Try again after the time given.',
  site_bytes_limited: 'The people of this site send more bytes than its limit allows. Try again after the time given.',
  site_points_limited:
    'The people of this site draw more points than its limit allows. Try again after the time given.',
  too_many_connections: 'There are as many connections of this person, or to this site, as there may be.',

  // What a client says to itself.
  outbox_full: 'Too much is waiting to be sent. Wait for the connection.',
  outbox_expired: 'This waited for more than 14 days and was not sent.',

  // What an operator asked for.
  admin_token_invalid: "The token is not the server's ADMIN_TOKEN.",
  site_exists: 'There is a site with this id already.',
  key_exists: 'The site has, or had, a key with this id. A revoked id never comes back: choose another.',
  key_unknown: 'The site has no such key.',

  // What went wrong here.
  unavailable: 'The server cannot do that just now. Nothing was kept; it will be tried again.',
  internal: 'The server failed. Nothing was kept.',
};

/** A refusal with its explanation, unless it says something of its own. */
export function explain(refusal: Refusal): Refusal {
  const { code, message } = refusal;
  return message === code ? { ...refusal, message: EXPLANATIONS[code] } : refusal;
}
