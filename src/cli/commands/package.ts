import { dirname, resolve } from 'node:path';
import { Option } from 'commander';
import { packageProject } from '../../api/package.js';
import { resultCommand } from '../command.js';
import { makeFolder } from '../make-folder.js';
import { sdkWheel } from '../sdk-wheel.js';
import { shownPath } from '../shown-path.js';
import { sizeText } from '../size-text.js';

interface Options {
  readonly output?: string;
  readonly requirements?: string;
  readonly autoFreeze?: boolean;
  readonly wheelsPlatform?: string;
  readonly pythonVersion?: string;
  readonly implementation?: string;
  readonly abi?: string;
  readonly skipDownload?: boolean;
  readonly findLinks?: readonly string[];
  readonly offline?: boolean;
  readonly python?: string;
}

type Packaged = Awaited<ReturnType<typeof packageProject>>;

export const packageCommand = resultCommand<[project: string], Options, Packaged>({
  arguments: [['<project>', 'folder that holds manifest.json']],
  options: [
    new Option('-o, --output <path>', 'the zip, or the folder it goes into under its recommended name'),
    new Option('--requirements <file>', "another requirements file than the project's own"),
    new Option('--auto-freeze', 'without one, take what the interpreter has installed'),
    new Option('--wheels-platform <tag>', 'fetch wheels for this platform, such as manylinux2014_x86_64'),
    new Option('--python-version <version>', 'and this Python, such as 3.11'),
    new Option('--implementation <tag>', 'and this implementation, such as cp'),
    new Option('--abi <tag>', 'and this ABI, such as cp311'),
    new Option('--skip-download', 'take the wheels in wheels/ and fetch none'),
    new Option('--find-links <folder...>', 'folders of wheels to look into'),
    new Option('--offline', 'fetch from these folders alone, never from an index'),
    new Option('--python <path>', 'the interpreter whose pip fetches'),
  ],

  async run({ signal, progress }, [project], { output, ...options }) {
    progress('packaging', 0);
    const wheel = await sdkWheel();
    return packageProject(resolve(project), {
      ...options,
      output: await prepareOutput(output ?? '.'),
      sdkWheel: wheel,
      signal,
    });
  },

  json: ({ zip, sha256, bytes, files, sizes, leftOut, warnings }) => ({
    zip,
    sha256,
    bytes,
    files,
    sizes,
    left_out: leftOut,
    warnings,
  }),

  show({ zip, sha256, bytes, files, sizes, leftOut, warnings }) {
    const shown = shownPath(zip);
    return {
      lines: [shown],
      warnings,
      notes: [
        ...fileList(sizes),
        ...leftOutList(leftOut),
        `packaged ${files.length} files, ${sizeText(bytes)}, sha256 ${sha256.slice(0, 12)}…`,
      ],
      next: ['install', shown],
    };
  },
});

const LISTED_MAX = 40;

/** Where there are many, the largest: they are what a package is large of. */
function fileList(sizes: Packaged['sizes']): string[] {
  const all = Object.entries(sizes);
  const isCut = all.length > LISTED_MAX;
  const shown = isCut ? all.sort(([, a], [, b]) => b - a).slice(0, LISTED_MAX) : all;
  const rest = all.slice(LISTED_MAX).reduce((sum, [, bytes]) => sum + bytes, 0);
  return [
    ...shown.map(([path, bytes]) => `${sizeText(bytes).padStart(10)}  ${path}`),
    ...(isCut
      ? [`${sizeText(rest).padStart(10)}  in ${all.length - LISTED_MAX} smaller files (--json lists them)`]
      : []),
  ];
}

function leftOutList(leftOut: Packaged['leftOut']): string[] {
  if (leftOut.length === 0) return [];
  const shown = leftOut.slice(0, 10).map(({ path, why }) => `${path} (${why})`);
  const more = leftOut.length > shown.length ? ` and ${leftOut.length - shown.length} more` : '';
  return [`left out: ${shown.join(', ')}${more}`];
}

/** What does not end in `.zip` is a folder; folders are made. */
async function prepareOutput(output: string): Promise<string> {
  const path = resolve(output);
  await makeFolder(path.toLowerCase().endsWith('.zip') ? dirname(path) : path);
  return path;
}
