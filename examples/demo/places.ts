import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: the build lies in dist/examples/demo. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const EXAMPLES = join(ROOT, 'examples');
/** Everything the demo makes. */
export const OUTPUT = join(process.cwd(), 'demo-output');

/** The Python SDK's wheel, built by the project's build. */
export async function sdkWheel(): Promise<string> {
  const folder = join(ROOT, 'dist', 'python');
  const [wheel] = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`no SDK wheel in ${folder}: run npm run build`);
  return join(folder, wheel);
}
