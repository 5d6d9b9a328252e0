import type { Context } from 'koa';

/** Milliseconds that nothing needs to move on the connection of a request that takes long before it is answered. */
const LONG = 60 * 60 * 1_000;

/** Lets a request take its time: idle connections are ended otherwise. The server sets its own patience again with the next request. */
export function takeTime({ req }: Pick<Context, 'req'>): void {
  req.socket.setTimeout(LONG);
}

/** Milliseconds that whoever reads a long answer may stand still. */
const STANDSTILL = 60_000;

/** Ends the patience of `takeTime`, when the answer begins. */
export function mustRead({ req }: Pick<Context, 'req'>): void {
  req.socket.setTimeout(STANDSTILL);
}
