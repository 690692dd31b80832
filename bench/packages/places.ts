import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: the build of this file lies in dist/bench/packages. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The Python module that both packages of the benchmark consist of. */
export const ALGORITHM = join(ROOT, 'bench', 'algorithm');

/** The floor programs in Python. */
export const FLOORS = join(ROOT, 'bench', 'floors');

/** The Python SDK's wheel, made by the project's build. */
export async function sdkWheel(): Promise<string> {
  const folder = join(ROOT, 'dist', 'python');
  const [wheel] = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`there is no SDK wheel in ${folder}: run npm run build`);
  return join(folder, wheel);
}
