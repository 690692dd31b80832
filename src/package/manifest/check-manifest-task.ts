import { inWorker } from '../../base/workers/index.js';
import { prepareSchemas } from '../schemas/compile-schema.js';
import { HardChecks, judgeOf } from '../params/hard-checks.js';
import { parseManifest } from './parse-manifest.js';

prepareSchemas();

/** Takes the bytes of a manifest.json, gives ParsedManifest. */
export const checkManifest = inWorker((bytes: Uint8Array, at) => {
  const checks = new HardChecks();
  return parseManifest(bytes, { at, compile: (rule) => void judgeOf(rule), answer: (check) => checks.answer(check) });
});
