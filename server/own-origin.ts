import type { IncomingHttpHeaders } from 'node:http';

/**
 * The origin of a page of this server's own, which a site lists or not like any other: browsers send none with a GET to the page's own
 * origin. What they do send is Sec-Fetch-Site, which no page can set, and Host: together they say that the page has the origin that was
 * asked. A page of another name that was made to lead here (DNS rebinding) has that other name as its Host.
 */
export function ownOrigin(headers: IncomingHttpHeaders, publicUrl: string): string | undefined {
  const isOwn = headers['sec-fetch-site'] === 'same-origin' && headers.host === new URL(publicUrl).host;
  return isOwn ? publicUrl : undefined;
}
