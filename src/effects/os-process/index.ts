import { fromCallback } from 'xstate';
import type { OsCommand, OsEvent, OsProcessInput } from '../../../machines/process.events.js';
import { fault, toFault } from '../../base/errors/index.js';
import {
  adoptGroup,
  inLoopShare,
  isolated,
  leaveTurns,
  LowPriority,
  releaseGroup,
  signalGroup,
  spawnProcess,
} from '../../platform/index.js';
import type { SpawnedProcess } from '../../platform/index.js';
import { makeHome, withOwn } from '../launch.js';
import type { LivingProcess, OsServices } from '../os-services.js';
import { inspectRelease } from './inspect-release.js';
import { howItEnded } from './ending.js';
import { duringCall } from './evidence.js';
import { LastWords } from './last-words.js';
import { limitHit } from './limit-hit.js';
import { openPipe } from './open-pipe.js';
import type { Pipe } from './pipe.js';
import { ResourceWatch } from './resource-watch.js';
import { readLogLines } from './stderr-lines.js';

/**
 * One operating-system process: spawned into a group of its own with a minimal environment, spoken to over its pipes.
 *
 * INVARIANTS
 * - `exit` decides, not `close`: a grandchild may hold the pipes for ever. What was written before the exit is still
 *   read, for at most DRAIN_MS.
 * - `os.exited` is reported exactly once, whatever happened (also when the process could not be spawned, or was asked to
 *   leave before its turn to be spawned came).
 * - When the actor stops, nothing of the group is left.
 */
const DRAIN_MS = 250;
/** Of the time a start may take, this share is spent at low priority at most: a busy host must not keep it down. */
const LOW_SHARE = 0.1;

/** @param watch the processes of a Runner are looked at together */
export const runOsProcess = (services: OsServices, watch: ResourceWatch = new ResourceWatch()) =>
  fromCallback<OsCommand, OsProcessInput>(({ input, sendBack, receive }) => {
    const report = sendBack as (event: OsEvent) => void;
    const { launch, key } = input;
    const images = services.images.enter(key);
    const log = services.releaseLog(key);
    const words = new LastWords();
    let osPid: number | null = null;
    let pipe: Pipe | undefined;
    let ended = false;
    let priority: LowPriority | undefined;
    /** Signals of ours: one that ends it and is none of them came from elsewhere. */
    const sent = new Set<string>();
    let unwatch = (): void => undefined;

    const exited = (how: string, details: Readonly<Record<string, unknown>>): void => {
      if (ended) return;
      ended = true;
      unwatch();
      priority?.forget();
      images.close();
      if (osPid !== null) services.processes.delete(osPid);
      const evidence = pipe?.evidence ?? { last_stderr: words.lines };
      const inFrame = pipe?.end() ?? null;
      const what = `${how}${duringCall(evidence)}.`;
      const { signal = null, exit_code: exitCode = null } = details;
      const isForeign = typeof signal === 'string' && !sent.has(signal);
      const level = isForeign || (signal === null && exitCode !== 0) ? 'warn' : 'info';
      log.write(level, isForeign ? `${what} The Runner did not send it.` : what, { slot: input.slot, os_pid: osPid });
      report({
        type: 'os.exited',
        fault: fault('process_lost', inFrame === null ? what : `${what} ${inFrame.message}`, {
          details: { ...details, ...evidence },
        }),
        atMs: Math.round(services.clock.nowMs()),
        jitter: services.draw(),
      });
    };

    const started = (child: SpawnedProcess): void => {
      const { osPid: leader, stdin, stdout, stderr } = child;
      osPid = leader;
      adoptGroup(leader);
      if (input.startPriority === 'low')
        priority = new LowPriority(leader, services.clock, input.timings.helloMs * LOW_SHARE);
      const living: LivingProcess = { key, slot: input.slot, resources: null, isolation: null };
      services.processes.set(leader, living);
      report({ type: 'os.spawned', osPid: leader, isolation: services.isolation.level });
      const onHello = (): void => priority?.raise();
      pipe = openPipe(services, { input, osPid: leader, stdin, stdout, living, images, words, onHello, report });
      unwatch = watch.watch({
        osPid: leader,
        intervalMs: input.timings.watchMs,
        onSample(sample, sinceMs) {
          living.resources = sample;
          report({ type: 'resources.sampled', ...sample, callId: pipe?.callSince(sinceMs) ?? 0 });
        },
      });
      readLogLines(stderr, (line) => {
        words.hear(line.message);
        log.relay(line, { slot: input.slot, ...pipe?.speaker });
      });
      child.events.once('exit', (code: number | null, killedBy: NodeJS.Signals | null) => {
        priority?.forget();
        const { exitCode, signal } = howItEnded(code, killedBy, services.isolation.level);
        const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
        const end = (): void => {
          releaseGroup(leader);
          exited(`The process ${how}${limitHit(input.limits, signal, words.lines)}`, { exit_code: exitCode, signal });
          for (const stream of [stdin, stdout, stderr]) stream.destroy();
        };
        const finish = (): void => {
          services.clock.clearTimeout(timer);
          inLoopShare(end);
        };
        const timer = services.clock.setTimeout(finish, DRAIN_MS);
        let open = 2;
        for (const stream of [stdout, stderr]) {
          const closed = (): void => void (--open === 0 && finish());
          if (stream.readableEnded || stream.destroyed) closed();
          else stream.once('close', closed);
        }
      });
    };

    const start = async (): Promise<void> => {
      const altered = await inspectRelease(services, key, launch.folder);
      if (altered !== null) return exited(`It was not started. ${altered.message.slice(0, -1)}`, altered.details ?? {});
      const own = withOwn(launch, services.environment(key));
      await makeHome(own).catch((error: unknown) =>
        log.write('warn', `Its home cannot be made: ${toFault(error).message}`, { slot: input.slot }),
      );
      const environment = { ...own.environment, PROC_SHM_DIR: images.folder };
      const command = isolated(services.isolation, { ...own, environment }, input.limits);
      const child = await spawnProcess({ ...command, folder: launch.folder, isWanted: () => !ended });
      if (child.osPid !== null) started(child);
      else exited(`${launch.command} could not be started: ${child.reason}`, {});
    };
    inLoopShare(() => void start());

    receive((command) => {
      switch (command.type) {
        case 'group.signal':
          if (osPid === null) exited('The process was ended before it was started', {});
          else {
            sent.add(command.signal);
            const facts = { slot: input.slot, os_pid: osPid, signal: command.signal };
            log.write('warn', `The Runner sends ${command.signal} to the process. ${command.reason}`, facts);
            signalGroup(osPid, command.signal);
          }
          return;
        case 'group.abandon':
          exited('The process did not end on SIGKILL and was written off', { os_pid: osPid });
          return;
        case 'shutdown.send':
          if (osPid === null) exited('The process was asked to leave before it was started', {});
          else void leaveTurns.take(() => void (ended || pipe?.send(command)));
          return;
        case 'hello.send':
        case 'info.send':
        case 'ping.send':
        case 'call.send':
          pipe?.send(command);
          return;
      }
    });

    return () => {
      ended = true;
      unwatch();
      priority?.forget();
      pipe?.end();
      if (osPid !== null) releaseGroup(osPid);
      images.close();
    };
  });
