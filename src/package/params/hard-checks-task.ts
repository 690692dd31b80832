import { inWorker } from '../../base/workers/index.js';
import { prepareSchemas } from '../schemas/compile-schema.js';
import { HardChecks } from './hard-checks.js';
import type { HardCheck } from './findings.js';

prepareSchemas();

const checks = new HardChecks();

/** Takes HardCheck[] as JSON, gives Problem[]. */
export const answerHardChecks = inWorker((input: string) =>
  (JSON.parse(input) as readonly HardCheck[]).flatMap((check) => checks.answer(check)),
);
