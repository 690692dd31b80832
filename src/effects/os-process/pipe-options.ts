import type { OsEvent, OsProcessInput } from '../../../machines/process.events.js';
import type { ProcessImages } from '../../images/index.js';
import type { Hello, RunnerHello, UndecodedImages } from '../../protocol/index.js';
import type { CallTable } from '../calls.js';
import type { Clock } from '../../platform/index.js';
import type { FrameSink, FrameSource } from './streams.js';

export interface PipeOptions {
  readonly input: OsProcessInput;
  readonly osPid: number;
  readonly stdin: FrameSink;
  readonly stdout: FrameSource;
  readonly calls: CallTable;
  readonly images: Pick<ProcessImages, 'place'>;
  readonly undecoded: UndecodedImages;
  readonly hello: RunnerHello;
  readonly frameBytesMax: number;
  /** The host's when left out. */
  readonly clock?: Clock;
  /** The last lines of its standard error. */
  readonly lastWords: () => readonly string[];
  /** @returns how the process is isolated, as seen from outside */
  readonly onHello: (hello: Hello) => string | undefined;
  /** @returns where what get_info() says is other than the manifest */
  readonly judgeInfo: (info: unknown) => readonly string[];
  readonly report: (event: OsEvent) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}
