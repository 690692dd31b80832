import { RunnerError } from '../../base/errors/index.js';
import { JsonProblem } from '../json/json-problem.js';
import type { Json } from '../../base/json/index.js';
import { readJson } from '../json/read-json.js';
import { manifestProblems } from './check-manifest.js';
import { boundedJudge } from './check-param.js';
import type { HardJudge } from './check-param.js';
import { describeIssue } from './describe-issue.js';
import { parseEntryPoint } from './entry-point.js';
import { pruneUnknownKeys } from './ignored-keys.js';
import type { Manifest, ManifestWarning, Problem } from './manifest.js';
import { manifestSchema } from './manifest-schema.js';

import { manifestWarnings } from './manifest-warnings.js';
import { normalise } from './normalise.js';
import { hideProto, showProto } from './proto-key.js';

export interface ParsedManifest {
  readonly manifest: Manifest;
  readonly warnings: readonly ManifestWarning[];
}

/** Largest manifest that is read, in bytes. */
export const MANIFEST_BYTES_MAX = 1024 * 1024;

/**
 * Reads a manifest.json (contract §3.1): UTF-8 with or without a byte order mark, strict JSON. In time linear in its
 * size: large schemas are not compiled, and no default is held against a rule that may take longer, such as a pattern with
 * look-around. `readUntrustedManifest` checks them too, in a thread.
 *
 * @throws RunnerError manifest_missing with `details.problems: [{ pointer, message }]`, all that could be found at once
 */
export function parseManifest(bytes: Uint8Array, judge: HardJudge = boundedJudge): ParsedManifest {
  const document = hideProto(readDocument(bytes));
  const unknownKeys = manifestSchema.safeParse(document).error?.issues ?? [];
  const { document: known, warnings } = pruneUnknownKeys(document, unknownKeys);
  const { data, error } = manifestSchema.safeParse(known);
  if (data === undefined) throw invalid(error.issues.map((issue) => describeIssue(issue, known)));
  const input = showProto(data);

  const entryPoint = parseEntryPoint(input.entry_point);
  const problems = [...manifestProblems(input, judge)];
  if ('problem' in entryPoint) problems.push({ pointer: '/entry_point', message: entryPoint.problem });
  if ('problem' in entryPoint || problems.length > 0) throw invalid(problems);
  return { manifest: normalise(input, entryPoint), warnings: [...warnings, ...manifestWarnings(input)] };
}

function readDocument(bytes: Uint8Array): Json {
  try {
    return readJson(bytes, { bytesMax: MANIFEST_BYTES_MAX });
  } catch (cause) {
    if (!(cause instanceof JsonProblem)) throw cause;
    const { pointer, line, column, message } = cause;
    throw new RunnerError('manifest_missing', `manifest.json cannot be read: ${message}.`, {
      details: { problems: [{ pointer, message, line, column }] },
      cause,
    });
  }
}

const SHOWN_PROBLEMS = 5;
/** A manifest that is wrong everywhere needs no longer list. */
const PROBLEMS_MAX = 100;

function invalid(problems: readonly Problem[]): RunnerError {
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ pointer, message }) => `${pointer || 'the document'} ${message}`);
  const more = problems.length > SHOWN_PROBLEMS ? `; and ${problems.length - SHOWN_PROBLEMS} more` : '';
  return new RunnerError('manifest_missing', `manifest.json is not valid: ${shown.join('; ')}${more}.`, {
    details: { problems: problems.slice(0, PROBLEMS_MAX) },
  });
}
