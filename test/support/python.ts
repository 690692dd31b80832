import { execFileSync } from 'node:child_process';

/** The interpreter itself: what `python3` finds may be a shim, which is slow and adds variables of its own. */
export const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
