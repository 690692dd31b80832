import { fault, packageMachine } from '../../../machines/index.js';
import type { Effects, OsEvent, PackageInput, StoredRelease, Target } from '../../../machines/index.js';
import { Rig } from './rig.js';
import { KEY, PROTOCOLS, policyOf, storedAs } from './samples.js';
import type { PolicyOf } from './samples.js';

interface PackageOf {
  readonly stored?: StoredRelease | null;
  readonly target?: Target;
  readonly policy?: PolicyOf;
}

/** One release, alone. */
export const aPackage = ({ stored = null, target = 'Deployed', policy = {} }: PackageOf = {}): Rig => {
  const input: PackageInput = { key: KEY, policy: policyOf(policy), protocols: PROTOCOLS, target, stored };
  return new Rig(packageMachine, input);
};

export const deploy = { type: 'package.deploy', operationId: 7, target: 'Deployed' } as const;
export const start = { type: 'package.start', operationId: 7 } as const;
export const stop = { type: 'package.stop', operationId: 7, wanted: 'stopped' } as const;
export const uninstall = { type: 'package.uninstall', operationId: 7 } as const;
export const recheck = { type: 'package.recheck', operationId: 7, target: 'Validated' } as const;
export const call = (callId: number) => ({ type: 'call.requested', callId, pid: 'A01' }) as const;
export const cancel = (callId: number) => ({ type: 'call.cancelled', callId }) as const;

/** Asked to start, with the wish on disk: its processes are starting. */
export const starting = (state: 'Deployed' | 'Stopped' = 'Deployed', policy: PolicyOf = {}): Rig =>
  aPackage({ stored: storedAs(state), policy })
    .send(start)
    .done('recordRest');

/** All its processes ready. */
export function running(policy: PolicyOf = {}): Rig {
  const rig = starting('Deployed', policy);
  for (let place = 1; place <= (policy.instances ?? 1); place++) rig.getsReady(place);
  return rig;
}

/** Unpacked and installed; its first process is to prove itself. */
export const probing = (target: Target = 'Deployed'): Rig =>
  aPackage({ target }).done('validatePackage', 'recordRest', 'extractPackage', 'buildEnvironment', 'installWheels');

/** What the effect under way was asked to write into the registry. */
export const recorded = (rig: Rig) => rig.effect('recordRest').input as Effects['recordRest']['input'];
export const faultOf = (rig: Rig) => rig.context<{ fault: { name: string } | null }>().fault;
export const lastReport = (rig: Rig) => rig.reports.at(-1);
export const outcomes = (rig: Rig) =>
  rig.emitted.map((event): readonly unknown[] => [event.type, event['callId'], event['outcome']]);

export const CRASHED: OsEvent = { type: 'os.exited', fault: fault('process_lost', 'Exit code 1.'), atMs: 0, jitter: 0 };
const HELLO: OsEvent = { type: 'hello.received', protocol: 1, announcesInfo: true, sdkVersion: '1.0.0' };

/** Each way a process can fail before it is ready, and the fault it leaves. */
export const FAILED_STARTS: readonly (readonly [what: string, fails: (rig: Rig) => void, name: string])[] = [
  ['exits before hello', (rig) => rig.tell(CRASHED), 'start_failed'],
  ['exits before it is ready', (rig) => rig.tell(HELLO).tell(CRASHED), 'start_failed'],
  ['never says hello', (rig) => rig.passes(30_000).tell(CRASHED), 'start_failed'],
  ['never confirms', (rig) => rig.tell(HELLO).passes(10_000).tell(CRASHED), 'start_failed'],
  ['speaks a foreign protocol', (rig) => rig.tell({ ...HELLO, protocol: 9 }).leaves(), 'protocol_unsupported'],
  [
    'disagrees with its manifest',
    (rig) =>
      rig
        .tell(HELLO)
        .tell({ type: 'info.received', mismatches: ['version'] })
        .leaves(),
    'info_mismatch',
  ],
  [
    'answers an error',
    (rig) => rig.tell({ type: 'start.refused', fault: fault('algorithm_error', 'setup() raised.') }).leaves(),
    'algorithm_error',
  ],
  [
    'writes garbage',
    (rig) => rig.tell({ type: 'stream.faulted', fault: fault('protocol_fault', 'Not a frame.') }).tell(CRASHED),
    'protocol_fault',
  ],
];
