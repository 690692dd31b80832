/*
 * A `.pth` file is run at the start of every interpreter of an environment, even under `python -I`. Some tools generate
 * ones that do no more than a namespace or a shim needs; those are known by every statement, all others are refused.
 */

const NAME = String.raw`[A-Za-z_]\w*`;
const DOTTED = String.raw`'${NAME}(?:\.${NAME})*'`;
const PARTS = String.raw`\*\((?:'${NAME}', ?)*'${NAME}',?\)`;

/** What setuptools writes for a namespace package of old, one statement each. */
const NAMESPACE: readonly RegExp[] = [
  'import sys, ?types, ?os',
  String.raw`has_mfs = sys\.version_info > \(3, 5\)`,
  String.raw`p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], ${PARTS}\)`,
  String.raw`importlib = has_mfs and __import__\('importlib\.util'\)`,
  String.raw`has_mfs and __import__\('importlib\.machinery'\)`,
  String.raw`m = has_mfs and sys\.modules\.setdefault\(${DOTTED}, importlib\.util\.module_from_spec\(importlib\.machinery\.PathFinder\.find_spec\(${DOTTED}, \[os\.path\.dirname\(p\)\]\)\)\)`,
  String.raw`m = m or sys\.modules\.setdefault\(${DOTTED}, types\.ModuleType\(${DOTTED}\)\)`,
  String.raw`ie = os\.path\.exists\(os\.path\.join\(p, ?'__init__\.py'\)\)`,
  String.raw`m = not ie and sys\.modules\.setdefault\(${DOTTED}, ?types\.ModuleType\(${DOTTED}\)\)`,
  String.raw`mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__', ?\[\]\)`,
  String.raw`\(p not in mp\) and mp\.append\(p\)`,
  String.raw`m and setattr\(sys\.modules\[${DOTTED}\], '${NAME}', m\)`,
].map(whole);

/** The shim for distutils, which newer frameworks depend on. */
const DISTUTILS: readonly RegExp[] = [
  'import os',
  String.raw`var = 'SETUPTOOLS_USE_DISTUTILS'`,
  String.raw`enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'`,
  String.raw`enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?`,
].map(whole);

export const STARTUP_BYTES_MAX = 64 * 1024;

/** Generated, and no more than it is known to be. */
export function isKnownStartup(file: string, text: string): boolean {
  const known = file === 'distutils-precedence.pth' ? DISTUTILS : file.endsWith('-nspkg.pth') ? NAMESPACE : [];
  return text
    .split(/\r?\n/)
    .flatMap((line) => line.split(';'))
    .map((statement) => statement.trim())
    .every((statement) => statement === '' || known.some((pattern) => pattern.test(statement)));
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}
