import { execFileSync } from 'node:child_process';

const ORACLE = `
import json, sys
from pip._vendor.packaging.markers import Marker, InvalidMarker
from pip._vendor.packaging.specifiers import InvalidSpecifier, Specifier
from pip._vendor.packaging.version import InvalidVersion, Version

def order(a, b):
    a, b = Version(a), Version(b)
    return -1 if a < b else 1 if a > b else 0

def holds(marker, environment):
    try:
        return Marker(marker).evaluate(environment)
    except InvalidMarker:
        return None

def allows(specifier, version):
    try:
        return Specifier(specifier).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None

asked = json.load(sys.stdin)
json.dump({
    "order": [order(*pair) for pair in asked.get("order", [])],
    "allows": [allows(*pair) for pair in asked.get("allows", [])],
    "holds": [holds(marker, asked["environment"]) for marker in asked.get("holds", [])],
}, sys.stdout)
`;

export interface Questions {
  readonly order?: readonly (readonly [string, string])[];
  readonly allows?: readonly (readonly [string, string])[];
  readonly holds?: readonly string[];
  readonly environment?: object;
}

export interface Answers {
  readonly order: readonly number[];
  readonly allows: readonly (boolean | null)[];
  readonly holds: readonly (boolean | null)[];
}

/** What pip itself says about versions, specifiers and markers. */
export function askPip(questions: Questions): Answers {
  const answer = execFileSync('python3', ['-I', '-c', ORACLE], { input: JSON.stringify(questions), encoding: 'utf8' });
  return JSON.parse(answer) as Answers;
}
