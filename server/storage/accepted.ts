/** How long an accepted command is remembered, in milliseconds: longer than any outbox keeps one. */
export const ACCEPTED_LASTS = 30 * 24 * 60 * 60_000;
