import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunnerError } from '../base/errors/index.js';

/** The wheels of the Python SDK lie in `dist/python`; this file is built to `dist/src/cli`. */
const FOLDER = fileURLToPath(new URL('../../python', import.meta.url));

/** The SDK's wheel that comes with this package. @throws RunnerError host_unfit when the build left none */
export async function sdkWheel(): Promise<string> {
  const files = await readdir(FOLDER).catch(() => []);
  const wheel = files.find((file) => file.endsWith('.whl'));
  if (wheel !== undefined) return join(FOLDER, wheel);
  throw new RunnerError('host_unfit', `The wheel of the Python SDK is missing in ${FOLDER}.`, {
    hint: 'Install procvision-runner again, or run `npm run build` in its sources.',
  });
}
