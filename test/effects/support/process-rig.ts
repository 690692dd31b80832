import { fileURLToPath } from 'node:url';
import { createActor, setup } from 'xstate';
import type { AnyEventObject, InspectionEvent } from 'xstate';
import { DEFAULT_TIMINGS, heartbeatMachine, processMachine } from '../../../machines/index.js';
import type { Outcome, ProcessReport, Timings } from '../../../machines/index.js';
import { NO_MEMORY_LIMITS } from '../../../machines/process.events.js';
import type { MemoryLimits } from '../../../machines/process.events.js';
import { runOsProcess } from '../../../src/effects/index.js';
import type { PendingCall } from '../../../src/effects/index.js';
import type { ResourceWatch } from '../../../src/effects/os-process/resource-watch.js';
import type { OsServices } from '../../../src/effects/os-services.js';
import type { Fault } from '../../../src/base/errors/index.js';
import type { CallFields, Reply } from '../../../src/protocol/index.js';
import { cleanAfterEachTest } from '../../support/cleanup.js';
import { PYTHON } from '../../support/python.js';
import { Sightings } from './sightings.js';
import { stubServices } from './stub-services.js';
import type { LoggedLine } from './stub-services.js';

export { PYTHON };
/** Where the fixture programs lie. */
export const PROGRAMS = fileURLToPath(new URL('../../fixtures/programs/', import.meta.url));
export const KEY = 'stub@1.0.0';
const PROCESS = 'process/1';

/** Short where a test would have to wait, long where it must not run out. */
const TIMINGS: Timings = {
  ...DEFAULT_TIMINGS,
  pingIntervalMs: 60_000,
  confirmMs: 20_000,
  watchMs: 0,
  shutdownMs: 5_000,
  terminateMs: 5_000,
};

export interface RigOptions {
  readonly args?: readonly string[];
  readonly timings?: Partial<Timings>;
  readonly memory?: Partial<MemoryLimits>;
  readonly services?: Partial<OsServices>;
  /** One for several processes, as in a Runner. */
  readonly watch?: ResourceWatch;
  readonly command?: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How an attempt at a call ended; `type` says whether another one may mend it. */
export interface Settled {
  readonly type: 'call.settled' | 'call.failed';
  readonly outcome: Outcome;
  readonly fault: Fault | null;
  readonly reply: Reply | null;
  readonly call: PendingCall;
}

/** One process under its real machine and its real effect, with a stub in the package's place. */
export class ProcessRig {
  readonly services: ReturnType<typeof stubServices>;
  /** Every event the process machine was given, and every report it made, in order. */
  readonly events = new Sightings<AnyEventObject>();
  /** Every state the process machine was in, in order. */
  readonly states: string[] = [];
  readonly #actor;
  #lastCall = 0;

  constructor(program: string, options: RigOptions) {
    const {
      args = [],
      timings,
      memory,
      services,
      watch,
      command = PYTHON,
      folder = PROGRAMS,
      environment = {},
    } = options;
    this.services = stubServices(services);
    const process = processMachine.provide({
      actors: { runOsProcess: runOsProcess(this.services, watch), heartbeat: heartbeatMachine },
    });
    const parent = setup({ actors: { process } }).createMachine({
      id: 'stub',
      invoke: {
        id: PROCESS,
        src: 'process',
        input: {
          key: KEY,
          slot: 0,
          protocols: [1],
          timings: { ...TIMINGS, ...timings },
          memory: { ...NO_MEMORY_LIMITS, ...memory },
          launch: {
            command,
            args: ['-S', '-u', `${PROGRAMS}${program}.py`, ...args],
            folder,
            environment: { PATH: globalThis.process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1', ...environment },
          },
        },
      },
    });
    const inspect = (seen: InspectionEvent): void => {
      if (seen.type === '@xstate.event') this.events.add(seen.event);
      if (seen.type === '@xstate.snapshot' && 'value' in seen.snapshot && isProcess(seen.actorRef))
        this.#noteState(seen.snapshot.value as string);
    };
    this.#actor = createActor(parent, { inspect });
    this.#actor.subscribe({ error: (error) => this.events.fail(error) });
    rigs.add(this);
  }

  #noteState(state: string): void {
    if (state !== this.states.at(-1)) this.states.push(state);
  }

  start(): this {
    this.#actor.start();
    return this;
  }

  /** The state of the process machine. */
  get state(): unknown {
    return this.#actor.getSnapshot().children[PROCESS]?.getSnapshot().value;
  }

  get lines(): readonly LoggedLine[] {
    return this.services.lines;
  }

  get osPid(): number {
    return this.events.seen('os.spawned')?.['osPid'] as number;
  }

  /** Resolves with the next report or event of this type that was not awaited before. */
  next<Type extends string>(type: Type): Promise<Extract<ProcessReport, { type: Type }> & AnyEventObject> {
    return this.events.next(type) as never;
  }

  async ready(): Promise<this> {
    const first = await this.events.next('process.ready', 'process.ended');
    if (first.type === 'process.ready') return this;
    throw new Error(`the process ended before it was ready: ${JSON.stringify(first)}`);
  }

  /** Dispatches a call as a package does, and waits for its outcome. */
  call(
    more: Partial<Pick<PendingCall, 'deadlineMs' | 'state' | 'phase'>> & { fields?: Partial<CallFields> } = {},
  ): Promise<Settled> {
    const call = pendingCall(++this.#lastCall, more);
    this.services.calls.set(call.callId, call);
    return this.attempt(call);
  }

  /** Dispatches a call once, or once more. */
  async attempt(call: PendingCall): Promise<Settled> {
    this.send({ type: 'call.dispatched', callId: call.callId });
    const report = await this.events.nextWhere(
      ({ type, callId }) => (type === 'call.settled' || type === 'call.failed') && callId === call.callId,
    );
    const { type, outcome, fault = null } = report as Extract<ProcessReport, { type: Settled['type'] }>;
    return { type, outcome, fault, reply: call.reply, call };
  }

  /** Asks it to leave and waits until it is gone. */
  async leave(): Promise<Extract<ProcessReport, { type: 'process.ended' }>> {
    this.send({ type: 'process.stop' });
    return this.next('process.ended');
  }

  send(event: AnyEventObject): void {
    this.#actor.getSnapshot().children[PROCESS]?.send(event as never);
  }

  /** Takes the actors away without asking the process. */
  drop(): void {
    this.#actor.stop();
  }
}

const rigs = new Set<ProcessRig>();

cleanAfterEachTest(() => {
  for (const rig of rigs) rig.drop();
  rigs.clear();
});

/** Starts a fixture program; `ready()` waits for its handshake. */
export const startProcess = (program: string, options: RigOptions = {}): ProcessRig =>
  new ProcessRig(program, options).start();

const isProcess = (actor: object): boolean => 'id' in actor && actor.id === PROCESS;

function pendingCall(callId: number, more: Parameters<ProcessRig['call']>[0] = {}): PendingCall {
  const { deadlineMs = 10_000, state = '{}', phase = 'execute', fields = {} } = more;
  return {
    callId,
    release: KEY,
    phase,
    pid: 'A01',
    flowId: 'flow-1',
    deadlineMs,
    image: null,
    state,
    lease: null,
    refusal: null,
    attempts: 0,
    osPid: null,
    reply: null,
    servedBy: null,
    failedAttempts: [],
    settle: () => undefined,
    limit: () => undefined,
    free: () => undefined,
    fields: {
      requestId: `${callId}`,
      phase,
      stepIndex: 1,
      pid: 'A01',
      session: { id: 'flow-1', context: { product_code: 'A01', trace_id: 'flow-1' } },
      userParams: {},
      sharedMemId: null,
      imageMeta: null,
      ...fields,
    },
  };
}
