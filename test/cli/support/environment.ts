import { dirname } from 'node:path';
import { PYTHON } from '../../support/python.js';

/**
 * What commands of the tests find around them: one Python and the tools of the system, nothing of the person who runs the
 * tests. Asking every interpreter of a developer's machine would take most of the time.
 */
export const ENVIRONMENT = { PATH: `${dirname(PYTHON)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/nonexistent' } as const;

/** For what runs in this process; setup.ts takes it back when the test file is over. */
export const adoptEnvironment = (): void => void Object.assign(process.env, ENVIRONMENT);
