import { fromCallback } from 'xstate';
import type { AnyActorRef } from 'xstate';
import { fault } from '../../../machines/index.js';
import type { OsCommand, OsEvent, OsProcessInput } from '../../../machines/index.js';
import { Pipe } from '../../../src/effects/index.js';
import type { LivingProcess, OsServices } from '../../../src/effects/index.js';
import { compareInfo } from '../../../src/package/index.js';
import { CAPABILITIES } from '../../../src/protocol/index.js';
import { Algorithm } from './algorithm.js';
import type { HostClock } from './clock.js';
import type { Draws } from './draws.js';
import type { Troubles } from './troubles.js';
import { pathOf } from './watch.js';

export interface ProcessSurroundings {
  readonly world: OsServices;
  readonly clock: HostClock;
  /** The time of the processes themselves. */
  readonly around: HostClock;
  /** Of the process in one place of a release. */
  readonly draws: (place: string) => Draws;
  readonly troubles: Troubles;
  /** The processes that live, by the actor each belongs to, in the order they were started. */
  readonly living: Map<AnyActorRef, Algorithm>;
  nextOsPid(): number;
  asked(actor: string, command: OsCommand): void;
}

const USUAL_BYTES = 100 * 1024 * 1024;

/** As `runOsProcess`, the real conversation over the pipes included; only what is at their other end is simulated. */
export const simulatedOsProcess = (surroundings: ProcessSurroundings) =>
  fromCallback<OsCommand, OsProcessInput>(({ input, sendBack, receive, self }) => {
    const { world, clock, around, draws, troubles, living } = surroundings;
    const report = sendBack as (event: OsEvent) => void;
    const owner = (self as AnyActorRef)._parent as AnyActorRef;
    const actor = pathOf(owner);
    const { key, slot, timings } = input;
    const osPid = surroundings.nextOsPid();
    const images = world.images.enter(key);
    let ended = false;

    const exited = (how: string): void => {
      if (ended) return;
      ended = true;
      images.close();
      world.processes.delete(osPid);
      living.delete(owner);
      const { evidence } = pipe;
      const inFrame = pipe.end();
      const what = `The process ${how}.${inFrame === null ? '' : ` ${inFrame.message}`}`;
      report({
        type: 'os.exited',
        fault: fault('process_lost', what, { details: { ...evidence } }),
        atMs: Math.round(clock.nowMs()),
        jitter: world.draw(),
      });
    };

    const algorithm = new Algorithm({
      ...{ key, osPid, clock: around, troubles, draws: draws(`${key} ${slot}`) },
      listener: { exited },
      deadlineOf: (requestId) => world.calls.get(Number.parseInt(requestId, 10))?.deadlineMs ?? 0,
    });
    living.set(owner, algorithm);
    const facts: LivingProcess = { key, slot, resources: null, isolation: null };
    world.processes.set(osPid, facts);
    report({ type: 'os.spawned', osPid, isolation: world.isolation.level });

    const pipe = new Pipe({
      ...{ input, osPid, clock, report, stdin: algorithm, stdout: algorithm, calls: world.calls },
      images,
      undecoded: world.undecoded(key),
      judgeInfo: (info) => compareInfo(info, world.declared(key)),
      onHello: ({ capabilities }) => {
        if (capabilities.includes(CAPABILITIES.reset)) world.resettable.add(key);
        else world.resettable.delete(key);
        return undefined;
      },
      hello: {
        runner_version: world.version,
        heartbeat_interval_ms: timings.pingIntervalMs,
        heartbeat_grace_ms: timings.pongGraceMs,
        max_frame_bytes: world.frameBytesMax,
      },
      frameBytesMax: world.frameBytesMax,
      lastWords: () => [],
      warn: () => undefined,
    });

    let lookedMs = clock.nowMs();
    const look = (): void => {
      if (ended) return;
      const sinceMs = lookedMs;
      lookedMs = clock.nowMs();
      const residentBytes = USUAL_BYTES * algorithm.memoryFactor;
      const sample = { cpuPercent: pipe.callSince(Infinity) === 0 || algorithm.hangs ? 1 : 60, residentBytes };
      facts.resources = sample;
      report({ type: 'resources.sampled', ...sample, callId: pipe.callSince(sinceMs) });
      watching = clock.setTimeout(look, timings.watchMs);
    };
    let watching = timings.watchMs > 0 ? clock.setTimeout(look, timings.watchMs) : undefined;

    receive((command) => {
      surroundings.asked(actor, command);
      switch (command.type) {
        case 'group.signal':
          return algorithm.signal(command.signal);
        case 'group.abandon':
          return exited('did not end on SIGKILL and was written off');
        case 'hello.send':
        case 'info.send':
        case 'ping.send':
        case 'call.send':
        case 'shutdown.send':
          return pipe.send(command);
      }
    });

    return () => {
      clock.clearTimeout(watching);
      pipe.end();
      images.close();
      living.delete(owner);
      algorithm.alive = false;
    };
  });
