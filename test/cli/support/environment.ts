import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/**
 * What commands of the tests find around them: one Python and the tools of the system, nothing of the person who runs the
 * tests. Asking every interpreter of a developer's machine would take most of the time.
 */
export const ENVIRONMENT = { PATH: `${dirname(python)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/nonexistent' } as const;
