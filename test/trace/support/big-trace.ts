import { setImmediate } from 'node:timers/promises';
import { openRecorder, standingsOf } from '../../../src/trace/index.js';
import type { Recorder } from '../../../src/trace/index.js';
import { servingPackage } from './serving-package.js';

type Told = (callId: number) => void;

/** Calls between two turns of the loop: files are begun in a turn of their own. */
const CALLS_A_TURN = 500;

/**
 * A trace as long as wanted, of a release that came up, served call after call, and was stopped: the records of one call
 * of the real machines are written again and again, under new numbers.
 *
 * @returns the newest file
 */
export async function writeBigTrace(folder: string, records: number, fileBytesMax?: number): Promise<string> {
  const sized = fileBytesMax === undefined ? {} : { fileBytesMax };
  const recorder = openRecorder({ folder, runnerVersion: '1', machines: {}, ...sized });
  const fieldsOf: (readonly string[])[] = [];
  let tape: Told[] | null = null;
  const taped: Recorder = {
    ...recorder,
    kind(kind) {
      const k = recorder.kind(kind);
      fieldsOf[k] = kind.d;
      return k;
    },
    record(kind, values) {
      const at = fieldsOf[kind]?.indexOf('callId') ?? -1;
      const parts = JSON.parse(`[${values.slice(1)}]`) as unknown[];
      tape?.push((callId) => {
        if (at >= 0) parts[at] = callId;
        recorder.record(kind, parts.map((part) => `,${JSON.stringify(part)}`).join(''));
      });
      recorder.record(kind, values);
    },
    recordSmall(kind, event, fields) {
      const isWritten = recorder.recordSmall(kind, event, fields);
      if (isWritten)
        tape?.push((callId) => {
          const again = 'callId' in event ? { ...event, callId } : event;
          if (recorder.recordSmall(kind, again, fields)) return;
          recorder.record(kind, fields.map((field) => `,${JSON.stringify((again as never)[field])}`).join(''));
        });
      return isWritten;
    },
  };
  const { release, call, stop } = await servingPackage(taped);
  recorder.survey((atUs) => standingsOf(release, atUs));
  tape = [];
  call(1);
  const steps = tape;
  tape = null;
  for (let callId = 2; recorder.count() + steps.length < records; callId++) {
    for (const tell of steps) tell(callId);
    if (callId % CALLS_A_TURN === 0) await setImmediate();
  }
  release.send({ type: 'package.stop', operationId: 2 } as never);
  await setImmediate();
  recorder.survey(null);
  stop();
  recorder.close();
  return recorder.file();
}
