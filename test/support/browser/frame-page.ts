import { waitUntil } from './wait-until.js';

/**
 * A page of its own, as far as a frame is one. Whoever opened it takes the frame away, by which the
 * page is closed.
 */
export interface FramePage<Ready> {
  readonly frame: HTMLIFrameElement;
  readonly page: Window;
  /** What its script has left there. */
  readonly ready: Ready;
}

/**
 * Opens a page that runs a script.
 *
 * @param script a module's text
 * @param readyOf what the script leaves in its window, when it has
 */
export async function openFramePage<Ready>(
  script: string,
  readyOf: (page: Window) => Ready | undefined,
): Promise<FramePage<Ready>> {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const page = frame.contentWindow;
  if (!page) throw new Error('There is no page.');
  const element = page.document.createElement('script');
  element.type = 'module';
  element.textContent = script;
  page.document.body.append(element);
  await waitUntil(() => readyOf(page), 'the page does not load');
  const ready = readyOf(page);
  if (ready === undefined) throw new Error('The page has let go of what it had.');
  return { frame, page, ready };
}
