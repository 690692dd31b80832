/*
 * Installers write a command into `bin/` for each line of two sections of entry_points.txt, and they do not read the
 * file alike: pip has two readers of it, which split lines at other characters, take `[[name]]` for `[name]`, or find
 * the name somewhere in the line. So the file has to be written in the one way that all of them understand.
 */

const SCRIPTS = ['console_scripts', 'gui_scripts'];
/** Python ends a line at each of these, other readers do not. */

const OTHER_LINE_ENDS = /\r(?!\n)|[\v\f\x00-\x08\x0e-\x1f\x7f\x85\u2028\u2029\ufeff]/;
const HEADER = /^\[([^[\]]+)\]$/;
const SCRIPT_NAME = /^\w[\w.+-]*$/;

export type Scripts = { readonly names: readonly string[] } | { readonly problem: string };

/** The commands an installer would write, or what readers would disagree on. */
export function scriptsIn(text: string): Scripts {
  if (OTHER_LINE_ENDS.test(text)) return { problem: 'holds control characters that end a line for some readers' };
  const names: string[] = [];
  let section: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      section = HEADER.exec(line)?.[1]?.trim();
      if (section === undefined) return { problem: `has the line ${shown(line)}, which readers take differently` };
      continue;
    }
    if (section === undefined) return { problem: `has the line ${shown(line)} before any section` };
    if (!isScripts(section)) continue;
    const name = nameIn(line);
    if (name === undefined) return { problem: `declares a script by the line ${shown(line)}, which names none` };
    names.push(name);
  }
  return { names };
}

/** Also what is written a little differently: some reader may let it pass. */
function isScripts(section: string): boolean {
  const plain = section
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z]+/g, '');
  return SCRIPTS.some((name) => name.replace('_', '') === plain);
}

function nameIn(line: string): string | undefined {
  const equals = line.indexOf('=');
  const name = equals === -1 ? '' : line.slice(0, equals).trim();
  return SCRIPT_NAME.test(name) ? name : undefined;
}

const shown = (line: string): string => JSON.stringify(line.slice(0, 80));
