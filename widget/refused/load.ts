/** What shows and says refusals; undefined where it can't be had just now. */
export async function loadRefused() {
  try {
    const refused = await import('./index.js');
    refused.defineFailure();
    return refused;
  } catch {
    // What is wrong is in the console already, where the page's author finds it.
    return undefined;
  }
}
