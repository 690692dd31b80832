import { execa } from 'execa';
import { fromCallback } from 'xstate';
import type { OsCommand, OsEvent, OsProcessInput } from '../../../machines/process.events.js';
import { fault } from '../../errors/index.js';
import { CAPABILITIES } from '../../protocol/index.js';
import type { LivingProcess, World } from '../world.js';
import { howItEnded } from './ending.js';
import { duringCall } from './evidence.js';
import { LastWords } from './last-words.js';
import { Pipe } from './pipe.js';
import { adoptGroup, releaseGroup, signalGroup } from './process-group.js';
import { ResourceWatch } from './resource-watch.js';
import { readLogLines } from './stderr-lines.js';
import { TokenBucket } from './token-bucket.js';

/**
 * One operating-system process: spawned into a group of its own with a minimal environment, spoken to over its pipes.
 *
 * INVARIANTS
 * - `exit` decides, not `close`: a grandchild may hold the pipes for ever. What was written before the exit is still
 *   read, for at most DRAIN_MS.
 * - `os.exited` is reported exactly once, whatever happened (also when the process could not be spawned).
 * - When the actor stops, nothing of the group is left.
 */
const DRAIN_MS = 250;
/** What a process does amiss is logged so often at once, so often per second in the long run. */
const WARNINGS = { burst: 100, perSecond: 10 };

/** @param watch the processes of a Runner are looked at together */
export const runOsProcess = (world: World, watch: ResourceWatch = new ResourceWatch()) =>
  fromCallback<OsCommand, OsProcessInput>(({ input, sendBack, receive }) => {
    const report = sendBack as (event: OsEvent) => void;
    const { launch, key } = input;
    const [command = launch.command, ...args] = [...world.isolation.prefix, launch.command, ...launch.args];
    const child = execa(command, args, {
      cwd: launch.folder,
      env: launch.environment,
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      encoding: 'buffer',
      reject: false,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const osPid = child.pid ?? 0;
    const log = world.releaseLog(key);
    const words = new LastWords();
    const warnings = new TokenBucket(WARNINGS, world.clock);
    let ended = false;
    // eslint-disable-next-line prefer-const -- the process may be reported gone before there is a pipe
    let pipe: Pipe | undefined;
    let unwatch = (): void => undefined;

    const exited = (how: string, details: Readonly<Record<string, unknown>>): void => {
      if (ended) return;
      ended = true;
      unwatch();
      world.processes.delete(osPid);
      const evidence = pipe?.evidence ?? { last_stderr: words.lines };
      const inFrame = pipe?.end() ?? null;
      const what = `${how}${duringCall(evidence)}.`;
      log.write('info', what, { slot: input.slot, os_pid: osPid });
      report({
        type: 'os.exited',
        fault: fault('process_lost', inFrame === null ? what : `${what} ${inFrame.message}`, {
          details: { ...details, ...evidence },
        }),
        atMs: Math.round(world.clock.nowMs()),
        jitter: world.draw(),
      });
    };

    if (child.pid === undefined) {
      void child.then(({ originalMessage = 'unknown reason' }) => {
        exited(`${launch.command} could not be started: ${originalMessage}`, {});
      });
      return undefined;
    }
    adoptGroup(osPid);
    const living: LivingProcess = { key, slot: input.slot, resources: null };
    world.processes.set(osPid, living);
    report({ type: 'os.spawned', osPid, isolation: world.isolation.level });

    pipe = new Pipe({
      input,
      osPid,
      stdin: child.stdin,
      stdout: child.stdout,
      calls: world.calls,
      declared: world.declared(key),
      onHello: ({ capabilities }) => {
        if (capabilities.includes(CAPABILITIES.reset)) world.resettable.add(key);
        else world.resettable.delete(key);
      },
      hello: {
        runner_version: world.version,
        heartbeat_interval_ms: input.timings.pingIntervalMs,
        heartbeat_grace_ms: input.timings.pongGraceMs,
        max_frame_bytes: world.frameBytesMax,
      },
      frameBytesMax: world.frameBytesMax,
      clock: world.clock,
      lastWords: () => words.lines,
      report,
      warn: (message, fields = {}) => {
        if (warnings.take()) log.write('warn', message, { slot: input.slot, ...fields });
      },
    });
    unwatch = watch.watch({
      osPid,
      intervalMs: input.timings.watchMs,
      onSample(sample, sinceMs) {
        living.resources = sample;
        report({ type: 'resources.sampled', ...sample, callId: pipe?.callSince(sinceMs) ?? 0 });
      },
    });
    readLogLines(child.stderr, (line) => {
      words.hear(line.message);
      const call = pipe === undefined ? undefined : world.calls.get(pipe.callId);
      const context = call === undefined ? {} : { session_id: call.flowId, pid: call.pid };
      log.relay(line, { slot: input.slot, ...context });
    });

    child.once('exit', (code: number | null, killedBy: NodeJS.Signals | null) => {
      const { exitCode, signal } = howItEnded(code, killedBy, world.isolation.level);
      const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
      const finish = (): void => {
        clearTimeout(timer);
        releaseGroup(osPid);
        exited(`The process ${how}`, { exit_code: exitCode, signal });
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      };
      const timer = setTimeout(finish, DRAIN_MS);
      let open = 2;
      for (const stream of [child.stdout, child.stderr]) {
        const closed = (): void => void (--open === 0 && finish());
        if (stream.readableEnded || stream.destroyed) closed();
        else stream.once('close', closed);
      }
    });

    receive((command) => {
      switch (command.type) {
        case 'group.signal':
          signalGroup(osPid, command.signal);
          return;
        case 'group.abandon':
          exited('The process did not end on SIGKILL and was written off', { os_pid: osPid });
          return;
        case 'hello.send':
        case 'info.send':
        case 'ping.send':
        case 'call.send':
        case 'shutdown.send':
          pipe?.send(command);
          return;
      }
    });

    return () => {
      unwatch();
      pipe?.end();
      releaseGroup(osPid);
    };
  });
