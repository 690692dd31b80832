import { createActor, fromCallback, fromPromise, setup } from 'xstate';
import {
  heartbeatMachine,
  NO_MEMORY_LIMITS,
  packageMachine,
  processMachine,
  DEFAULT_RESTART_POLICY,
  DEFAULT_PROBATION,
  DEFAULT_TIMINGS,
} from '../../../machines/index.js';
import type { OsCommand, OsEvent, OsProcessInput, PackageInput } from '../../../machines/index.js';
import { decorate } from '../../../src/trace/index.js';
import type { Recorder } from '../../../src/trace/index.js';

/** A process that answers everything at once. */
const answering = fromCallback<OsCommand, OsProcessInput>(({ sendBack, receive }) => {
  const report = sendBack as (event: OsEvent) => void;
  receive((command) => {
    switch (command.type) {
      case 'info.send':
        return report({ type: 'info.received', mismatches: [] });
      case 'call.send':
        return report({ type: 'call.answered', callId: command.callId, outcome: 'result' });
      case 'hello.send':
      case 'ping.send':
      case 'shutdown.send':
      case 'group.signal':
      case 'group.abandon':
        return undefined;
    }
  });
  report({ type: 'os.spawned', osPid: 4711, isolation: 'group' });
  report({ type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: '1' });
});

const input: PackageInput = {
  key: 'screw-check@1.0.0',
  protocols: [1],
  target: 'Running',
  policy: {
    timings: DEFAULT_TIMINGS,
    restart: DEFAULT_RESTART_POLICY,
    instances: 1,
    queueLimit: 4,
    retries: 0,
    memory: NO_MEMORY_LIMITS,
    probation: DEFAULT_PROBATION,
    fallback: false,
  },
  stored: {
    key: 'screw-check@1.0.0',
    state: 'Deployed',
    wanted: 'running',
    reason: null,
    facts: { supportedPids: ['A01'], launch: { command: 'python', args: [], folder: '/', environment: {} } },
  },
};

/** The real package, process and heartbeat machines under a recorder, ready for calls. */
export async function servingPackage(recorder: Recorder) {
  const heartbeat = decorate(heartbeatMachine, recorder);
  const process = decorate(processMachine.provide({ actors: { runOsProcess: answering, heartbeat } }), recorder);
  const recordRest = fromPromise(() => Promise.resolve());
  const child = decorate(packageMachine.provide({ actors: { process, recordRest } as never }), recorder);
  const root = setup({ actors: { package: child } }).createMachine({
    id: 'runner',
    invoke: { id: `package/${input.key}`, src: 'package', input },
  });
  const actor = createActor(root).start();
  const release = actor.getSnapshot().children[`package/${input.key}`];
  if (release === undefined) throw new Error('the package was not spawned');
  release.send({ type: 'package.start', operationId: 1 } as never);
  await new Promise((resolve) => setImmediate(resolve));
  return {
    release,
    call: (callId: number) => release.send({ type: 'call.requested', callId, pid: 'A01' } as never),
    stop: () => actor.stop(),
  };
}
