/*
 * Options of pip in requirements.txt that say where and how to look for packages. Offline they mean nothing: wheels come
 * from wheels/ alone. `package` hands them to pip when it fetches, and keeps them, which may hold passwords, out of the zip.
 */

/** With a value behind a blank or `=`; one-letter names also with the value at once. */
const WITH_VALUE = [
  ...['-i', '--index-url', '--pypi-url', '--extra-index-url', '-f', '--find-links', '--trusted-host'],
  ...['--only-binary', '--no-binary', '--use-feature'],
];
const ALONE = ['--no-index', '--pre', '--prefer-binary'];

/** What only matters when a package is built from source, which never happens here; behind a requirement. */
const BUILD_OPTION =
  /\s--(?:config-settings?|global-option|install-option|build-option)(?:=|\s+)(?:"[^"]*"|'[^']*'|\S+)/g;

/** The option a line consists of, without its value; undefined for other lines. */
export function ignoredOption(text: string): string | undefined {
  const [, name = '', rest = ''] = /^(--[a-z-]+|-[a-z])(.*)$/s.exec(text) ?? [];
  if (ALONE.includes(name)) return rest === '' ? name : undefined;
  if (!WITH_VALUE.includes(name)) return undefined;
  const isJoined = name.startsWith('--') ? /^(=|\s+)\S/ : /^[=\s]*\S/;
  return isJoined.test(rest) ? name : undefined;
}

/** A requirement without the options of builds behind it, and their names. */
export function withoutBuildOptions(text: string): { readonly plain: string; readonly options: readonly string[] } {
  const options = [...text.matchAll(BUILD_OPTION)].map(([found]) => found.trim().split(/[=\s]/)[0] ?? '');
  return { plain: text.replaceAll(BUILD_OPTION, ''), options };
}
