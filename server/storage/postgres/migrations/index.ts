import { roomsAndSites } from './001-rooms-and-sites.js';
import { kinds } from './002-kinds.js';

/**
 * In order; what was released is never changed, only followed by another. While nodes are replaced
 * one by one the program before goes on with what the next one has made of the database, so each
 * must leave that program's statements good.
 */
export const MIGRATIONS: readonly string[] = [roomsAndSites, kinds];
