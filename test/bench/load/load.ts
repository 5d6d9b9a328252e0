/** The process of the load. */
import { answerParent } from '../ask.js';
import { Crowd, type Gathering } from './crowd.js';
import { sendAtPace, sendUnderWay } from './pace.js';

const crowd = new Crowd();
let stop: () => void = () => undefined;

const answers = {
  gather: (gathering: Gathering) => crowd.gather(gathering),
  /** Begins to send so many messages a second, from now on and until `stop`. */
  pace: (rate: number) => {
    stop = sendAtPace(crowd, rate);
  },
  /** Begins to keep so many messages of each connection under way. */
  saturate: (window: number) => {
    stop = sendUnderWay(crowd, window);
  },
  mark: () => crowd.mark(),
  read: () => crowd.read(),
  stop: () => stop(),
  close: () => {
    stop();
    crowd.scatter();
  },
};
export type LoadAnswers = typeof answers;

answerParent(answers);
