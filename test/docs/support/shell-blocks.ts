import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A command a document shows, and what it says comes of it; null where it shows the command alone. */
export interface ShownCommand {
  readonly document: string;
  readonly line: number;
  readonly command: string;
  readonly shown: readonly string[] | null;
}

export const DOCUMENTS: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'sdk/python/README.md', 'test/replay/recorded/README.md'],
  ...readdirSync(new URL('../../../docs/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)
    .sort(),
];

export const textOf = (document: string): string => readFileSync(`${ROOT}${document}`, 'utf8');

/** Those of the `sh` and `console` blocks of a document, below one of its headings or everywhere, in order. */
export function shownCommands(document: string, heading?: string): readonly ShownCommand[] {
  const commands: { document: string; line: number; command: string; shown: string[] | null }[] = [];
  let section = '';
  let language: string | null = null;
  textOf(document)
    .split('\n')
    .forEach((text, i) => {
      if (text.startsWith('```')) language = language === null ? text.slice(3) : null;
      else if (language === null) section = /^#+ (.*)/.exec(text)?.[1] ?? section;
      else if (heading === undefined || section === heading) take(text, i + 1);
    });
  return commands;

  function take(text: string, line: number): void {
    const last = commands.at(-1);
    if (last?.command.endsWith('\\') === true) last.command = `${last.command.slice(0, -1)}${text.trim()}`;
    else if (language === 'console' && text.startsWith('$ '))
      commands.push({ document, line, command: text.slice(2), shown: [] });
    else if (language === 'console') last?.shown?.push(text);
    else if (language === 'sh' && text !== '') commands.push({ document, line, command: text, shown: null });
  }
}
