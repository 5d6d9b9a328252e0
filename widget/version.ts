/** The version in package.json, by the build (bundling/write-version.js). */
export const VERSION = '0.1.0';
