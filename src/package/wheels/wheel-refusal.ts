import { RunnerError } from '../../errors/index.js';

export type WheelCheck = 'wheel_name' | 'wheel_archive' | 'wheel_metadata' | 'wheel_record' | 'wheel_forbidden_file';

/** A wheel that will not be installed: 2001 naming the wheel and, where one is to blame, the file inside it. */
export function wheelRefusal(check: WheelCheck, file: string, problem: string, inside?: string): RunnerError {
  return new RunnerError('invalid_zip', `The wheel ${file} ${problem}.`, {
    hint: 'Fetch the wheel again from its index and package again; wheels are installed as their makers built them.',
    details: { check, entry: `wheels/${file}`, ...(inside === undefined ? {} : { inside }) },
  });
}
