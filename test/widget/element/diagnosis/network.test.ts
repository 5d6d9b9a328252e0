/**
 * What `diagnose()` finds about the network: a real one that blocks, hangs or is down, with a clock
 * that the test moves.
 */
import { expect } from '@open-wc/testing';

import { diagnose as lookInto } from '../../../../widget/element/diagnosis/diagnose.js';
import type { Wishes } from '../../../../widget/element/entrance.js';
import { type Platform, realPlatform } from '../../../../widget/session/index.js';
import { type Backend, startBackend } from '../../../support/browser/backend.js';
import { until } from '../rooms.js';
import { check, diagnose, english, overhearing, results, wishesFor } from './diagnosing.js';

/** The platform as it is, except that nothing is late before the test says so. */
interface PatientPlatform extends Platform {
  /** Whoever waits now has waited too long. */
  losePatience(): void;
  /** How many wait for something. */
  waiting(): number;
}

function patientPlatform({ ahead = 0, online = true } = {}): PatientPlatform {
  const waiting = new Set<() => void>();
  return {
    ...realPlatform(),
    now: () => Date.now() + ahead,
    online: () => online,
    after(_ms, task) {
      waiting.add(task);
      return () => waiting.delete(task);
    },
    losePatience() {
      const late = [...waiting];
      waiting.clear();
      for (const task of late) task();
    },
    waiting: () => waiting.size,
  };
}

describe('diagnose() on a network', () => {
  let backend: Backend;
  let token: string;
  before(async () => {
    backend = await startBackend();
    token = await backend.token();
  });
  after(() => backend.close());
  afterEach(() => backend.network('pass'));

  const look = async (platform: Platform, wishes: Partial<Wishes> = {}) =>
    await overhearing(() =>
      lookInto({ wishes: wishesFor(backend, { token, ...wishes }), language: english, platform }),
    );

  it('warns where WebSocket is blocked, and says what to allow', async () => {
    await backend.network('block-websocket');
    const { diagnosis, told } = await diagnose(backend, { token });
    expect(diagnosis.finding).to.equal('websocket_blocked');
    expect(results(diagnosis).slice(5)).to.deep.equal(['websocket warning', 'polling good', 'token good', 'room good']);
    expect(diagnosis.message).to.contain('is refused').and.to.contain('Upgrade and Connection');
    expect(diagnosis.facts).to.include({ websocket: 'refused', polling: 'open' });
    expect(diagnosis.visitorMessage).to.contain('a little slower');
    expect(told.find(words => words.includes('websocket_blocked'))).to.match(/^warn /);
  });

  it('warns where WebSocket hangs, and waits no longer than the widget does', async () => {
    await backend.network('hang-websocket');
    const upgrades = await backend.upgrades();
    const platform = patientPlatform();
    const looking = look(platform);
    await until(async () => (await backend.upgrades()) > upgrades, 'a WebSocket is tried');
    platform.losePatience();
    const { diagnosis } = await looking;
    expect(diagnosis.finding).to.equal('websocket_blocked');
    expect(diagnosis.message).to.contain('nothing comes over it');
    expect(diagnosis.facts).to.include({ websocket: 'silent', polling: 'open' });
    expect(platform.waiting(), 'nothing is left over').to.equal(0);
  });

  it('finds that nothing answers', async () => {
    await backend.network('down');
    await backend.cut();
    const { diagnosis } = await diagnose(backend, { token });
    expect(diagnosis.finding).to.equal('server_unreachable');
    expect(diagnosis.message).to.contain(`${backend.url} can't be reached`).and.to.contain('/healthz');
    expect(results(diagnosis).slice(1, 3)).to.deep.equal(['server bad', 'site skipped']);
    expect(diagnosis.visitorMessage).to.contain('can’t be reached just now');
  });

  it('finds that nothing comes in time', async () => {
    const hanging: Platform['fetch'] = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    const platform = { ...patientPlatform(), fetch: hanging };
    const looking = look(platform);
    await until(() => platform.waiting() > 0, 'the server is asked');
    platform.losePatience();
    const { diagnosis } = await looking;
    expect(diagnosis.finding).to.equal('server_unreachable');
    expect(diagnosis.message).to.contain('did not answer within 10 seconds');
  });

  it('finds that `getToken` never gives any', async () => {
    let asked = false;
    const getToken = () => {
      asked = true;
      return new Promise<string>(() => {});
    };
    const platform = patientPlatform();
    const looking = look(platform, { getToken });
    await until(() => asked && platform.waiting() > 0, 'a token is asked for');
    platform.losePatience();
    const { diagnosis } = await looking;
    expect(diagnosis.finding).to.equal('token_unavailable');
    expect(diagnosis.message).to.contain('longer than 20 seconds');
  });

  it('goes on where a browser throws instead of opening a WebSocket', async () => {
    const { WebSocket } = window;
    window.WebSocket = class extends WebSocket {
      constructor() {
        super('http://[');
      }
    };
    const { diagnosis } = await look(patientPlatform()).finally(() => (window.WebSocket = WebSocket));
    expect(diagnosis.finding).to.equal('websocket_blocked');
  });

  it('finds that the server has a difficulty', async () => {
    const busy = await startBackend({ rates: { checks: { perSecond: 0.001, burst: 1 } } });
    const guest = { room: 'open-day' };
    expect((await diagnose(busy, guest)).diagnosis.finding).to.equal('ok');
    const { diagnosis } = await diagnose(busy, guest);
    await busy.close();
    expect(diagnosis.finding).to.equal('server_failed');
    expect(diagnosis.message).to.contain('Too much at once');
    expect(diagnosis.visitorMessage).to.contain('What was said and drawn is kept');
  });

  it('finds that the device has no network', async () => {
    await backend.network('down');
    await backend.cut();
    const { diagnosis } = await look(patientPlatform({ online: false }));
    expect(diagnosis.finding).to.equal('server_unreachable');
    expect(diagnosis.message).to.contain('no network');
  });

  it('finds that a name leads nowhere', async () => {
    const { diagnosis } = await look(patientPlatform(), { server: 'http://chalk.invalid' });
    expect(diagnosis.finding).to.equal('server_unreachable');
    expect(diagnosis.message).to.contain("http://chalk.invalid can't be reached");
  });

  for (const ahead of [-3_600_000, 61_000]) {
    it(`finds a clock that is ${ahead / 1_000} seconds ahead, and lets the token be`, async () => {
      const { diagnosis } = await look(patientPlatform({ ahead }));
      expect(diagnosis.finding).to.equal('clock_off');
      const by = ahead < 0 ? '1 hour behind' : '1 minute ahead of';
      expect(check(diagnosis, 'clock')).to.include({ result: 'warning', message: diagnosis.message });
      expect(diagnosis.message).to.contain(`${by} the server's`);
      expect(results(diagnosis).slice(-2)).to.deep.equal(['token good', 'room good']);
      expect(diagnosis.visitorMessage).to.contain('clock of your device');
    });
  }

  it('lets a clock be that is a little off', async () => {
    const { diagnosis } = await look(patientPlatform({ ahead: 50_000 }));
    expect(diagnosis.finding).to.equal('ok');
  });

  it('finds nothing once all is well again', async () => {
    await backend.restart();
    const platform = patientPlatform();
    const { diagnosis } = await look(platform);
    expect(diagnosis.finding).to.equal('ok');
    expect(platform.waiting(), 'nothing is left over').to.equal(0);
  });
});
