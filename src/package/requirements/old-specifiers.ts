/*
 * Before PEP 440 was held to, metadata had wildcards behind every comparison (`>=2.7.*`). Wheels of those days are still in
 * use, and installers take them.
 */

const OLD = /(>=|<=|~=|>|<)\s*(\d+(?:\.\d+)*)\.\*/g;

/** The same meaning as PEP 440 writes it: `>=2.7`, `<3.10` for `<=3.9.*`. */
export const modernSpecifiers = (text: string): string =>
  text.replace(OLD, (_, operator: string, version: string) => {
    if (operator === '<=') return `<${nextAfter(version)}`;
    if (operator === '>') return `>=${nextAfter(version)}`;
    return operator + version;
  });

function nextAfter(version: string): string {
  const numbers = version.split('.');
  return [...numbers.slice(0, -1), BigInt(numbers.at(-1) ?? 0) + 1n].join('.');
}
