import { createHash } from 'node:crypto';

/** SHA-256 of a text as UTF-8, base64url: how the domain tells two command bodies apart. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
