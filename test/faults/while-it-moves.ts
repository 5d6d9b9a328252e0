/** Milliseconds in which something must have moved. */
const STANDSTILL = 20_000;

/**
 * What `work` comes to, however long it takes, as long as what is left of it becomes less: how fast
 * that goes is the machine's affair.
 *
 * @throws Error with what `lament` says, where nothing moves any more
 */
export async function whileItMoves<Value>(
  work: Promise<Value>,
  left: () => number,
  lament: () => string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    let least = left();
    timer = setInterval(() => {
      const now = left();
      if (now >= least) reject(new Error(lament()));
      least = now;
    }, STANDSTILL);
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearInterval(timer);
  }
}
