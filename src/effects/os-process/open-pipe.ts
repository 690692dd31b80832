import type { OsEvent, OsProcessInput } from '../../../machines/process.events.js';
import { fault } from '../../base/errors/index.js';
import type { ProcessImages } from '../../images/index.js';
import { compareInfo } from '../../package/index.js';
import { isolationOf, isWeaker } from '../../platform/index.js';
import type { IsolationLevel } from '../../platform/index.js';
import { CAPABILITIES } from '../../protocol/index.js';
import type { LivingProcess, OsServices } from '../os-services.js';
import type { LastWords } from './last-words.js';
import { Pipe } from './pipe.js';
import type { FrameSink, FrameSource } from './streams.js';
import { TokenBucket } from './token-bucket.js';

/** What a process does amiss is logged so often at once, so often per second in the long run. */
const WARNINGS = { burst: 100, perSecond: 10 };

const NOT_COMPARED =
  'Its adapter does not announce info: whether it agrees with its manifest cannot be compared; a pong confirms the start.';

export interface PipeOf {
  readonly input: OsProcessInput;
  readonly osPid: number;
  readonly stdin: FrameSink;
  readonly stdout: FrameSource;
  readonly living: LivingProcess;
  readonly images: ProcessImages;
  readonly words: LastWords;
  /** It has said hello. */
  readonly onHello: () => void;
  readonly report: (event: OsEvent) => void;
}

/** The conversation with a process that was just spawned, with the services it was spawned with. */
export function openPipe(services: OsServices, of: PipeOf): Pipe {
  const { input, osPid, stdin, stdout, living, images, words, onHello, report } = of;
  const { key, slot } = input;
  const log = services.releaseLog(key);
  const warnings = new TokenBucket(WARNINGS, services.clock);

  /** It says hello, so it runs: the tools in front of it have done what they do. */
  const seeIsolation = (): IsolationLevel => {
    const seen = isolationOf(osPid);
    living.isolation = seen.level;
    const promised = services.isolation;
    if (!isWeaker(seen.level, promised.level) && seen.ownProc >= promised.ownProc) return seen.level;
    const message = `Process ${osPid} of ${key} is isolated by ${seen.level} only; this host offers ${promised.level}.`;
    log.write('warn', message, { slot, os_pid: osPid });
    services.problems.note(fault('isolation_weak', message));
    return seen.level;
  };

  return new Pipe({
    ...{ input, osPid, stdin, stdout, report },
    calls: services.calls,
    images,
    undecoded: services.undecoded(key),
    judgeInfo: (info) => {
      const declared = services.declared(key);
      if (declared.steps === null) services.stepsTold.set(key, (info as { steps?: unknown } | null)?.steps);
      return compareInfo(info, declared);
    },
    onHello: ({ capabilities }) => {
      onHello();
      if (capabilities.includes(CAPABILITIES.reset)) services.resettable.add(key);
      else services.resettable.delete(key);
      const compared = capabilities.includes(CAPABILITIES.info);
      services.infoCompared.set(key, compared);
      if (!compared) log.write('warn', NOT_COMPARED, { slot, os_pid: osPid });
      return seeIsolation();
    },
    hello: {
      runner_version: services.version,
      heartbeat_interval_ms: input.timings.pingIntervalMs,
      heartbeat_grace_ms: input.timings.pongGraceMs,
      max_frame_bytes: services.frameBytesMax,
    },
    frameBytesMax: services.frameBytesMax,
    clock: services.clock,
    lastWords: () => words.lines,
    warn: (message, fields = {}) => {
      if (warnings.take()) log.write('warn', message, { slot, ...fields });
    },
  });
}
