import { RunnerError } from '../../errors/index.js';
import { decodeText } from '../json/decode-text.js';
import { JsonProblem } from '../json/json-problem.js';
import { parseDependency } from './dependency.js';
import type { Dependency } from './dependency.js';
import type { Version } from './version.js';

export interface RequirementHash {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  /** Lower-case hexadecimal. */
  readonly digest: string;
}

/** One pinned line of requirements.txt. */
export interface Requirement extends Dependency {
  readonly version: Version;
  readonly hashes: readonly RequirementHash[];
  readonly line: number;
}

export interface RequirementProblem {
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

export const REQUIREMENTS_BYTES_MAX = 256 * 1024;
/** An environment has some hundred packages, each with a few hashes on lines of their own. */
const LINES_MAX = 5_000;
const SHOWN_TEXT = 200;
const PROBLEMS_MAX = 100;

/**
 * Reads requirements.txt strictly: a name, `==` a version, extras, a marker and hashes; nothing else. Everything else
 * pip understands here can reach the network or run code (`-r http://…`, `name @ http://…`, `./local`).
 *
 * @throws RunnerError invalid_zip with `details: { check: 'requirements', problems: [{ line, text, message }] }`
 */
export function parseRequirements(bytes: Uint8Array): readonly Requirement[] {
  const problems: RequirementProblem[] = [];
  const requirements: Requirement[] = [];
  for (const { line, text } of logicalLines(decode(bytes))) {
    if (line > LINES_MAX) throw broken([{ line, text: '', message: `the file has more than ${LINES_MAX} lines` }]);
    const parsed = parseLine(text, line);
    if ('message' in parsed) problems.push({ line, text: text.slice(0, SHOWN_TEXT), message: parsed.message });
    else requirements.push(parsed);
  }
  if (problems.length > 0) throw broken(problems);
  return requirements;
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > REQUIREMENTS_BYTES_MAX) {
    throw broken([{ line: 1, text: '', message: `the file has more than ${REQUIREMENTS_BYTES_MAX} bytes` }]);
  }
  try {
    return decodeText(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonProblem)) throw cause;
    throw broken([{ line: cause.line, text: '', message: cause.problem }]);
  }
}

/** Lines without comments; a backslash at the end continues on the next. */
function* logicalLines(text: string): Generator<{ line: number; text: string }> {
  let pending = '';
  let start = 1;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    if (pending === '') start = index + 1;
    if (raw.endsWith('\\')) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const line = `${pending}${raw}`.replace(/(^|\s)#.*$/, '').trim();
    pending = '';
    if (line !== '') yield { line: start, text: line };
  }
  if (pending.trim() !== '') yield { line: start, text: pending.trim() };
}

const HASH_OPTION = /\s--hash[=\s]\s*(\S+)/g;
const HASH = /^(sha256|sha384|sha512):([0-9a-f]+)$/i;
const DIGEST_LENGTH = { sha256: 64, sha384: 96, sha512: 128 } as const;

function parseLine(text: string, line: number): Requirement | { readonly message: string } {
  if (text.startsWith('-')) {
    return { message: `the option ${text.split(/[=\s]/)[0] ?? text} is not accepted; list the packages themselves` };
  }
  const hashes = [...text.matchAll(HASH_OPTION)].map(([, hash]) => parseHash(hash ?? ''));
  if (!hashes.every((hash) => hash !== undefined))
    return { message: 'has a hash that is not sha256, sha384 or sha512' };
  const plain = text.replaceAll(HASH_OPTION, '');
  const otherForm = whatElse(plain);
  if (otherForm !== undefined) return { message: otherForm };
  const dependency = parseDependency(plain);
  if ('problem' in dependency) return { message: dependency.problem };
  const [pin, ...others] = dependency.specifiers;
  if (pin?.operator !== '==' || pin.isPrefix || pin.version === undefined || others.length > 0) {
    return { message: 'is not pinned; write exactly one version, as in "name==1.2.3"' };
  }
  return { ...dependency, version: pin.version, hashes, line };
}

function parseHash(text: string): RequirementHash | undefined {
  const [, algorithm = '', digest = ''] = HASH.exec(text.toLowerCase()) ?? [];
  if (algorithm !== 'sha256' && algorithm !== 'sha384' && algorithm !== 'sha512') return undefined;
  return digest.length === DIGEST_LENGTH[algorithm] ? { algorithm, digest } : undefined;
}

/** The other forms pip knows, by their names. */
function whatElse(text: string): string | undefined {
  if (/^[a-z+]+:\/\/|@/i.test(text)) return 'is an address; put the wheel into wheels/ and pin its version';
  if (/^[./~]|^[A-Za-z]:[\\/]|\.(whl|zip|tar\.gz)$/.test(text))
    return 'is a path; name the package and pin its version';
  if (/\s--?[a-z]/.test(text)) return 'carries an option that is not accepted; only --hash is';
  return undefined;
}

const SHOWN_PROBLEMS = 3;

function broken(problems: readonly RequirementProblem[]): RunnerError {
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ line, text, message }) => `line ${line} ${text === '' ? '' : `(${text.slice(0, 80)}) `}${message}`);
  const more = problems.length > SHOWN_PROBLEMS ? `; and ${problems.length - SHOWN_PROBLEMS} more` : '';
  return new RunnerError('invalid_zip', `requirements.txt cannot be used: ${shown.join('; ')}${more}.`, {
    hint: 'Pin every package with "name==version" (pip freeze does) and ship its wheel in wheels/.',
    details: { check: 'requirements', problems: problems.slice(0, PROBLEMS_MAX) },
  });
}
