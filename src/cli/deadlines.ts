import { Option } from 'commander';
import type { Timings } from '../api/results.js';
import { countFrom1 } from './arguments.js';

/** Deadlines a command may be given, on top of settings.json. */
const WORDS = {
  helloMs: ['--hello-ms <ms>', 'how long a process may take until its hello, setup() included; 30,000'],
  confirmMs: [
    '--confirm-ms <ms>',
    'how long it may take until it confirms that it is ready, hello included; 30,000, or --hello-ms',
  ],
  preMs: ['--pre-ms <ms>', 'deadline of a pre call; 10,000'],
  executeMs: ['--execute-ms <ms>', 'deadline of an execute call; 30,000'],
} as const satisfies Partial<Record<keyof Timings, readonly [string, string]>>;

export type DeadlineOptions = { readonly [K in keyof typeof WORDS]?: number };

export const deadlineOptions = (...names: readonly (keyof typeof WORDS)[]): readonly Option[] =>
  names.map((name) => {
    const [flags, meaning] = WORDS[name];
    return new Option(flags, meaning).argParser(countFrom1);
  });

/** For `withRunner`: an option of a command wins over settings.json. */
export const timingsOf = ({
  helloMs,
  confirmMs,
  preMs,
  executeMs,
}: DeadlineOptions): { timings: Partial<Timings> } => ({
  timings: {
    ...(helloMs === undefined ? {} : { helloMs }),
    ...(confirmMs === undefined ? {} : { confirmMs }),
    ...(preMs === undefined ? {} : { preMs }),
    ...(executeMs === undefined ? {} : { executeMs }),
  },
});
