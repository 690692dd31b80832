import type { RunnerError } from '../../base/errors/index.js';
import { nearVersion } from '../requirements/near-version.js';
import { parseWheelName } from './wheel-name.js';
import { wheelRefusal } from './wheel-refusal.js';

/** The refusal of a file that is no wheel by its name: with the name it should have, where a tool on the way changed it. */
export function misnamed(file: string): RunnerError {
  const better = CHANGES.map((undo) => undo(file)).find((name) => name !== file && parseWheelName(name) !== undefined);
  const problem = 'has a name that is not one of a wheel (PEP 427)';
  if (better === undefined) return ofOldVersion(file) ?? wheelRefusal('wheel_name', file, problem);
  return wheelRefusal('wheel_name', file, problem, undefined, `Rename it to ${better}: a download changed its name.`);
}

const PARTS = /^([^-]+)-([^-]+)(?=-.+\.whl$)/;

/** A version of the days before PEP 440, such as `1.0-custom`, which pip refuses from 24.1 on; undefined: it is another fault. */
function ofOldVersion(file: string): RunnerError | undefined {
  const [, name = '', version = ''] = PARTS.exec(file) ?? [];
  const near = nearVersion(version.replaceAll('_', '-'));
  if (near === undefined || parseWheelName(file.replace(PARTS, `${name}-${near}`)) === undefined) return undefined;
  const hint = `Have the wheel built with a version PEP 440 knows, such as ${near} (its METADATA has to say the same), and pin that.`;
  return wheelRefusal(
    'wheel_name',
    file,
    `has the version ${version}, which pip refuses from 24.1 on`,
    undefined,
    hint,
  );
}

/** What browsers, mirrors and shells do to a name: `%2B` for `+`, ` (1)` for a second copy, a blank for `+`. */
const CHANGES: readonly ((file: string) => string)[] = [
  decoded,
  (file) => withoutCopyMark(file),
  (file) => withoutCopyMark(decoded(file)),
  (file) => file.replaceAll(' ', '+'),
  (file) => file.replace(/\.whl\.(zip|download|part|crdownload)$/i, '.whl'),
  (file) => file.replace(/\.WHL$/i, '.whl'),
];

const withoutCopyMark = (file: string): string => file.replace(/(?: ?\(\d+\)| - Copy|_copy| copy)+(?=\.whl$)/, '');

function decoded(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}
