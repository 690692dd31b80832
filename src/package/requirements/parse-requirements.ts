import { RunnerError } from '../../base/errors/index.js';
import { decodeText } from '../json/decode-text.js';
import { JsonProblem } from '../json/json-problem.js';
import { parseWheelName } from '../wheels/wheel-name.js';
import { parseDependency } from './dependency.js';
import type { Dependency } from './dependency.js';
import { ignoredOption, withoutBuildOptions } from './ignored-options.js';
import { parseVersion } from './version.js';
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

export interface RequirementsFile {
  readonly requirements: readonly Requirement[];
  /** What is better told and does no harm. Values of options are left out: they may hold passwords. */
  readonly warnings: readonly string[];
  /** The lines that are options and mean nothing offline, whole: for the pip that fetches, and for nobody else. */
  readonly options: readonly string[];
  /** What is left without them, in UTF-8. */
  readonly text: string;
}

export const REQUIREMENTS_BYTES_MAX = 256 * 1024;
/** An environment has some hundred packages, each with a few hashes on lines of their own. */
const LINES_MAX = 5_000;
const SHOWN_TEXT = 200;
const PROBLEMS_MAX = 100;

/**
 * Reads requirements.txt strictly: a name, `==` a version, extras, a marker and hashes. What pip understands beside that
 * and could reach the network or run code (`-r http://…`, `name @ http://…`, `./local`) is refused; options that only say
 * where to look are left out, with a warning.
 *
 * @throws RunnerError invalid_zip with `details: { check: 'requirements', problems: [{ line, text, message }] }`
 */
export function readRequirementsFile(bytes: Uint8Array): RequirementsFile {
  const problems: RequirementProblem[] = [];
  const requirements: Requirement[] = [];
  const ignored = new Map<string, number[]>();
  const options: LogicalLine[] = [];
  const { text: whole, encoding } = decode(bytes);
  let needsHashes = false;
  for (const logical of logicalLines(whole)) {
    const { line, text } = logical;
    if (line > LINES_MAX) throw broken([{ line, text: '', message: `the file has more than ${LINES_MAX} lines` }]);
    const option = ignoredOption(text);
    if (text === REQUIRE_HASHES) needsHashes = true;
    if (option !== undefined) options.push(logical);
    if (option !== undefined) ignored.set(option, [...(ignored.get(option) ?? []), line]);
    if (option !== undefined || text === REQUIRE_HASHES) continue;
    const { plain, options: behind } = withoutBuildOptions(text);
    for (const name of behind) ignored.set(name, [...(ignored.get(name) ?? []), line]);
    const parsed = parseLine(plain, line);
    if ('message' in parsed) problems.push({ line, text: text.slice(0, SHOWN_TEXT), message: parsed.message });
    else requirements.push(parsed);
  }
  if (needsHashes) problems.push(...requirements.filter(({ hashes }) => hashes.length === 0).map(withoutHash));
  if (problems.length > 0) throw broken(problems);
  return {
    requirements,
    warnings: [
      ...(encoding === 'UTF-8' ? [] : [`the file is ${encoding}; UTF-8 is what every tool reads`]),
      ...[...ignored].map(([name, lines]) => `line ${lines.slice(0, 5).join(', ')} ${name} means nothing offline`),
    ],
    options: options.map(({ text }) => text),
    text: withoutLines(whole, options),
  };
}

/** The requirements alone. @throws RunnerError invalid_zip */
export const parseRequirements = (bytes: Uint8Array): readonly Requirement[] =>
  readRequirementsFile(bytes).requirements;

const REQUIRE_HASHES = '--require-hashes';

const withoutHash = ({ line, text }: Requirement): RequirementProblem => ({
  line,
  text: text.slice(0, SHOWN_TEXT),
  message: `has no --hash, and ${REQUIRE_HASHES} asks for one`,
});

function decode(bytes: Uint8Array): { readonly text: string; readonly encoding: 'UTF-8' | 'UTF-16' } {
  if (bytes.length > REQUIREMENTS_BYTES_MAX) {
    throw broken([{ line: 1, text: '', message: `the file has more than ${REQUIREMENTS_BYTES_MAX} bytes` }]);
  }
  // What `pip freeze > requirements.txt` gives in PowerShell, and pip reads.
  const marked = UTF_16.find(({ mark }) => mark.every((byte, at) => bytes[at] === byte));
  try {
    if (marked === undefined) return { text: decodeText(bytes), encoding: 'UTF-8' };
    return { text: new TextDecoder(marked.label, { fatal: true }).decode(bytes), encoding: 'UTF-16' };
  } catch (cause) {
    if (cause instanceof JsonProblem) throw broken([{ line: cause.line, text: '', message: cause.problem }]);
    throw broken([{ line: 1, text: '', message: 'the file begins as UTF-16 and is not; save it as UTF-8' }]);
  }
}

const UTF_16 = [
  { label: 'utf-16le', mark: [0xff, 0xfe] },
  { label: 'utf-16be', mark: [0xfe, 0xff] },
];

interface LogicalLine {
  /** The first and the last of its lines in the file, from 1. */
  readonly line: number;
  readonly lastLine: number;
  readonly text: string;
}

const LINE_END = /\r\n|\r|\n/;

/** The text as it is where nothing has to go. */
function withoutLines(text: string, gone: readonly LogicalLine[]): string {
  if (gone.length === 0) return text;
  const isGone = (line: number): boolean => gone.some((logical) => logical.line <= line && line <= logical.lastLine);
  return text
    .split(LINE_END)
    .filter((_, index) => !isGone(index + 1))
    .join('\n');
}

/** Lines without comments; a backslash at the end continues on the next. */
function* logicalLines(text: string): Generator<LogicalLine> {
  let pending = '';
  let start = 1;
  const lines = text.split(LINE_END);
  for (const [index, raw] of lines.entries()) {
    if (pending === '') start = index + 1;
    if (raw.endsWith('\\')) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const line = `${pending}${raw}`.replace(/(^|\s)#.*$/, '').trim();
    pending = '';
    if (line !== '') yield { line: start, lastLine: index + 1, text: line };
  }
  if (pending.trim() !== '') yield { line: start, lastLine: lines.length, text: pending.trim() };
}

const HASH_OPTION = /\s--hash[=\s]\s*(\S+)/g;
const HASH = /^(sha256|sha384|sha512):([0-9a-f]+)$/i;
const DIGEST_LENGTH = { sha256: 64, sha384: 96, sha512: 128 } as const;

function parseLine(text: string, line: number): Requirement | { readonly message: string } {
  if (text.startsWith('-')) return { message: whyNotOption(text) };
  const hashes = [...text.matchAll(HASH_OPTION)].map(([, hash]) => parseHash(hash ?? ''));
  if (!hashes.every((hash) => hash !== undefined))
    return { message: 'has a hash that is not sha256, sha384 or sha512' };
  const plain = text.replaceAll(HASH_OPTION, '');
  const otherForm = whatElse(plain);
  if (otherForm !== undefined) return { message: otherForm };
  const dependency = parseDependency(plain);
  if ('problem' in dependency) return { message: dependency.problem };
  const pins = dependency.specifiers.filter(({ operator, isPrefix }) => operator.startsWith('==') && !isPrefix);
  const version = parseVersion(pins[0]?.text ?? '');
  if (version === undefined || pins.length > 1) {
    return { message: 'is not pinned; write exactly one version, as in "name==1.2.3"' };
  }
  return { ...dependency, version, hashes, line };
}

function parseHash(text: string): RequirementHash | undefined {
  const [, algorithm = '', digest = ''] = HASH.exec(text.toLowerCase()) ?? [];
  if (algorithm !== 'sha256' && algorithm !== 'sha384' && algorithm !== 'sha512') return undefined;
  return digest.length === DIGEST_LENGTH[algorithm] ? { algorithm, digest } : undefined;
}

function whyNotOption(text: string): string {
  const option = text.split(/[=\s]/)[0] ?? text;
  if (/^(-r|--requirement)/.test(option))
    return `the option ${option} names another file; put its lines in here, since a package has one list`;
  if (/^(-c|--constraint)/.test(option))
    return `the option ${option} is not accepted; what it holds back is pinned here as "name==version"`;
  if (/^(-e|--editable)/.test(option))
    return `the option ${option} installs from source; build a wheel (pip wheel --no-deps --wheel-dir wheels .) and pin it`;
  return `the option ${option} is not accepted; list the packages themselves`;
}

/** What `pip freeze` writes in a conda environment. */
const AT_HOME =
  'is an address of the machine it was written on; `pip list --format=freeze` writes "name==version" in its place';

/** The other forms pip knows, by their names. */
function whatElse(text: string): string | undefined {
  const file = text.split(/[\\/#?]/).findLast((part) => part.endsWith('.whl'));
  const wheel = parseWheelName(decodeName(file ?? ''));
  const pin = wheel === undefined ? 'its version' : `it: "${wheel.key}==${wheel.version.text}"`;
  if (/@\s*file:/i.test(text) && wheel === undefined) return AT_HOME;
  if (/^[a-z+]+:\/\/|@/i.test(text)) return `is an address; put the wheel into wheels/ and pin ${pin}`;
  if (/^[./~]|^[A-Za-z]:[\\/]|\.(whl|zip|tar\.gz)$/.test(text))
    return `is a path; put the wheel into wheels/ and pin ${pin}`;
  if (/\s--?[a-z]/.test(text)) return 'carries an option that is not accepted; only --hash is';
  return undefined;
}

function decodeName(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

const SHOWN_PROBLEMS = 3;

function broken(problems: readonly RequirementProblem[]): RunnerError {
  const shown = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ line, text, message }) => `line ${line} ${text === '' ? '' : `(${text.slice(0, 80)}) `}${message}`);
  const more = problems.length > SHOWN_PROBLEMS ? `; and ${problems.length - SHOWN_PROBLEMS} more` : '';
  return new RunnerError('invalid_zip', `requirements.txt cannot be used: ${shown.join('; ')}${more}.`, {
    hint: 'Pin every package with "name==version" (`pip list --format=freeze` does) and ship its wheel in wheels/.',
    details: { check: 'requirements', problems: problems.slice(0, PROBLEMS_MAX) },
  });
}
