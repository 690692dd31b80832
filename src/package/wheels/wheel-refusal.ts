import { RunnerError } from '../../base/errors/index.js';

export type WheelCheck = 'wheel_name' | 'wheel_archive' | 'wheel_metadata' | 'wheel_record' | 'wheel_forbidden_file';

const FETCH_AGAIN =
  'Fetch the wheel again from its index and package again; wheels are installed as their makers built them.';

/** Another copy of a wheel helps where the copy may be damaged; where its makers built it so, only another wheel does. */
const HINTS: Readonly<Record<WheelCheck, string>> = {
  wheel_name: 'Give the file the name its index gives it: <name>-<version>-<python>-<abi>-<platform>.whl.',
  wheel_archive: FETCH_AGAIN,
  wheel_metadata: FETCH_AGAIN,
  wheel_record: FETCH_AGAIN,
  wheel_forbidden_file:
    'Its makers built it so, and no other copy will do: pin another version of it, or have a wheel built without that file.',
};

/** A wheel that will not be installed: 2001 naming the wheel and, where one is to blame, the file inside it. */
export function wheelRefusal(
  check: WheelCheck,
  file: string,
  problem: string,
  inside?: string,
  hint = HINTS[check],
): RunnerError {
  return new RunnerError('invalid_zip', `The wheel ${file} ${problem}.`, {
    hint,
    details: { check, entry: `wheels/${file}`, ...(inside === undefined ? {} : { inside }) },
  });
}
