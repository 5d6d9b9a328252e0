/**
 * Redis did not do what was asked of it. The message is for the log. Errors of ioredis are never logged themselves: they carry the command
 * with everything in it, passwords and people's words too.
 */
export class RedisError extends Error {
  /** Whether trying again is of no use: something must be set otherwise. */
  readonly isFinal: boolean;

  constructor(message: string, options: { readonly isFinal?: boolean } = {}) {
    super(message);
    this.name = 'RedisError';
    this.isFinal = options.isFinal ?? false;
  }
}

/** What of an error may be told: the server's own words, or the system's code. */
export function reasonOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown';
}
