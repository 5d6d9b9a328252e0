declare const fromVerifiedClaims: unique symbol;

/**
 * A room of a site, as `site/room`. Neither part can contain a slash. Only auth/ makes one, from
 * verified claims: a RoomKey proves that its holder may name this room, so no other code can reach
 * into another site.
 */
export type RoomKey = string & { readonly [fromVerifiedClaims]: true };

/** The parts of a key. */
export function partsOf(key: RoomKey): { readonly site: string; readonly room: string } {
  const slash = key.indexOf('/');
  return { site: key.slice(0, slash), room: key.slice(slash + 1) };
}
