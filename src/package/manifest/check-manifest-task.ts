import { fileNameProblem } from '../../base/files/index.js';
import { inWorker } from '../../base/workers/index.js';
import { prepareSchemas } from '../schemas/compile-schema.js';
import { HardChecks, judgeOf } from '../params/hard-checks.js';
import type { HardJudge } from './check-param.js';
import { parseManifest } from './parse-manifest.js';

prepareSchemas();

const withPids = (pid: HardJudge['pid']) =>
  inWorker((bytes: Uint8Array, at) => {
    const checks = new HardChecks();
    return parseManifest(bytes, {
      pid,
      at,
      compile: (rule) => void judgeOf(rule),
      answer: (check) => checks.answer(check),
    });
  });

/** Takes the bytes of a manifest.json, gives ParsedManifest. */
export const checkManifest = withPids(fileNameProblem);
/** Stores hold releases with PIDs that were not refused before: binding such a PID fails, opening the store does not. */
export const checkDeployedManifest = withPids(() => undefined);
