/** One node as it is run: `serve` with what an environment says, on what that names. */
import { readConfig } from '../../../server/config/config.js';
import { createLog } from '../../../server/log.js';
import { serve, type Serving } from '../../../server/serve.js';
import { answerParent } from '../ask.js';
import { measured } from './measured.js';

let serving: Serving | undefined;

const answers = {
  ...measured,
  /** @returns where it listens, as an origin */
  async start(environment: Readonly<Record<string, string>>): Promise<string> {
    serving = await serve(readConfig(environment), createLog('info'));
    return serving.url;
  },
  close: () => serving?.close(),
};
export type NodeAnswers = typeof answers;

answerParent(answers);
