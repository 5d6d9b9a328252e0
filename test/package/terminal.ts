/**
 * The environment of a terminal: nothing of the npm that runs this test, except where it finds
 * packages and headers.
 */
export function terminal(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = /^(?:npm_(?!config_(?:registry|cache|nodedir|userconfig)$)|INIT_CWD$|NODE_|SECRET_KEY$|ADMIN_TOKEN$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...more };
}
