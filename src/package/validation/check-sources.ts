import { z } from 'zod';
import { RunnerError } from '../../base/errors/index.js';
import { compareInfo } from '../info/compare-info.js';
import { declaredOf } from '../info/declared.js';
import type { Interpreter } from '../interpreter/interpreter.js';
import { minorOf } from '../interpreter/interpreter.js';
import type { Manifest } from '../manifest/manifest.js';
import { runPython } from '../python/run-python.js';
import { PARSE_SCRIPT } from '../sources/parse-script.js';
import type { Wheel } from '../wheels/inspect-wheel.js';
import { checkEntryPoint, ownEntryFile } from './checks.js';
import type { PackageSource } from './package-source.js';
import type { Finding } from './report.js';

/*
 * Sources are parsed by the interpreter they are for, in a process of its own under limits of time and memory, and none of
 * them is run. A mistake counts where it would be met for certain: in the entry, and in what that imports at its top. A
 * mistake elsewhere is told, since nobody may ever import that file.
 */

const SOURCES_BYTES_MAX = 4 * 1024 * 1024;
const FILE_BYTES_MAX = 1024 * 1024;
const TIMEOUT_MS = 20_000;
const SHOWN_MAX = 5;

export interface SourcesToCheck {
  readonly manifest: Manifest;
  readonly source: PackageSource;
  readonly wheels: readonly Wheel[];
  readonly interpreter: Interpreter;
}

const answerSchema = z.object({
  errors: z.array(z.object({ path: z.string(), line: z.number(), text: z.string(), certain: z.boolean() })),
  missing: z.boolean(),
  names: z.array(z.string()),
  info: z.object({ line: z.number(), value: z.unknown() }).nullable(),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * The entry point is there, its sources parse, and its class is defined.
 *
 * @throws RunnerError invalid_zip with `details.check` `sources` (or `entry_point`) and the place
 */
export async function checkSources(asked: SourcesToCheck, signal?: AbortSignal): Promise<Finding<null>> {
  const { manifest, source, wheels, interpreter } = asked;
  const entry = checkEntryPoint(manifest, source, wheels);
  const answer = await parse(asked, signal);
  if (answer === undefined) return entry;
  const told = answer.errors.map(({ path, line, text }) => `${path}, line ${line}: ${text}`);
  const { version } = interpreter;
  const [certain] = answer.errors.filter((error) => error.certain);
  if (certain !== undefined) {
    const { path, line, text } = certain;
    throw refused(`${path}, line ${line}, is not Python ${minorOf(interpreter)}: ${text}`, {
      hint: `Correct it (python${minorOf(interpreter)} -m py_compile ${path} shows the place); or name the Python it is written for in .procvision_env.json.`,
      details: { path, line, python: version, errors: told.slice(0, SHOWN_MAX) },
    });
  }
  if (answer.missing && manifest.entryPoint.kind === 'class') {
    const { text, className } = manifest.entryPoint;
    const there = answer.names.length === 0 ? 'no class' : answer.names.join(', ');
    throw refused(`The entry point ${text} names ${className}, which its module does not define; it has ${there}`, {
      hint: 'Correct entry_point in manifest.json, or the name of the class.',
      details: { entryPoint: text, classes: answer.names },
    });
  }
  mustAgree(manifest, answer.info, source);
  const more = told.length > SHOWN_MAX ? [`and ${told.length - SHOWN_MAX} more do not parse`] : [];
  return { ...entry, warnings: [...told.slice(0, SHOWN_MAX).map((each) => `${each} (Python ${version})`), ...more] };
}

/** Found before anybody carries the package anywhere, where get_info() returns what can be read off its source. */
function mustAgree(manifest: Manifest, info: Answer['info'], source: PackageSource): void {
  if (info === null) return;
  const mismatches = compareInfo(info.value, declaredOf(manifest));
  if (mismatches.length === 0) return;
  const path = ownEntryFile(manifest, source) ?? '';
  const message = `get_info() in ${path}, line ${info.line}, disagrees with manifest.json: ${mismatches.join('; ')}.`;
  throw new RunnerError('info_mismatch', message, { details: { check: 'sources', path, line: info.line, mismatches } });
}

const refused = (message: string, more: { hint: string; details: Record<string, unknown> }): RunnerError =>
  new RunnerError('invalid_zip', `${message}.`, { hint: more.hint, details: { check: 'sources', ...more.details } });

/** Undefined where it cannot be told: no source, too much of it, or an interpreter that does not answer. */
async function parse(
  { manifest, source, interpreter }: SourcesToCheck,
  signal: AbortSignal | undefined,
): Promise<Answer | undefined> {
  const { entryPoint } = manifest;
  const path = ownEntryFile(manifest, source);
  if (path?.endsWith('.py') !== true) return undefined;
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const file of source.files) {
    if (!file.endsWith('.py')) continue;
    const text = await source.read(file, FILE_BYTES_MAX).catch(() => undefined);
    if (text === undefined || (bytes += text.length) > SOURCES_BYTES_MAX) return undefined;
    files[file] = text.toString('base64');
  }
  const run = await runPython(interpreter.executable, ['-I', '-c', PARSE_SCRIPT], {
    input: JSON.stringify({
      module: entryPoint.kind === 'file' ? '' : entryPoint.module,
      name: entryPoint.kind === 'class' ? entryPoint.className : '',
      path,
      files,
    }),
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  return run.outcome === 'done' ? answerOf(run.stdout) : undefined;
}

function answerOf(stdout: string): Answer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).data;
  } catch {
    return undefined;
  }
}
