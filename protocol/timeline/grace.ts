/**
 * How long the server waits for an author who vanished in the middle of a stroke before it keeps
 * what it has as a partial shape, in milliseconds. Who saw the stroke goes on showing it meanwhile.
 */
export const VANISHED_GRACE = 5_000;
