import type { Ended, Job, Step } from '../programs/job.js';
import type { KillPlan } from '../programs/plan.js';
import { Life } from './life.js';
import type { Ending, Word } from './life.js';

/** A life of the host program, and what its words mean. */
export class HostLife extends Life {
  constructor(job: Job, plan: KillPlan | null, tmp: string) {
    super({ program: 'host', args: [JSON.stringify(job)], plan, tmp });
  }

  /** Asks for one more step. @returns null when it ended meanwhile */
  async ask(step: Step): Promise<Ended | null> {
    const from = this.spoken;
    this.tell(step);
    return endedOf(await this.word('ended', from));
  }
}

/** What became of the act: null when the host was killed before it could tell. */
export const actOf = ({ words }: Ending): Ended | null => endedOf(words.find(({ at }) => at === 'ended') ?? null);

const endedOf = (word: Word | null): Ended | null => (word === null ? null : (word as Word & Ended));

export interface Opened {
  readonly problems: readonly string[];
  /** Files in the Runner's image folder when it had just opened. */
  readonly segments: readonly string[];
  readonly routes: readonly { readonly pid: string; readonly fault: { readonly message: string } | null }[];
}

export interface Served {
  readonly pid: string;
  readonly release: string | null;
  readonly status: string;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

/** How a host ended that was not meant to be killed; null: in good order. */
export function complaintOf({ words, signal, code, complaints, hung }: Ending): string | null {
  if (hung) return `it did not end by itself; its last word was ${words.at(-1)?.at ?? 'none'}`;
  const refused = words.find(({ at }) => at === 'refused') as (Word & { fault: { message: string } }) | undefined;
  if (refused !== undefined) return `it was refused: ${refused.fault.message}`;
  const isClosed = code === 0 && words.some(({ at }) => at === 'closed');
  if (isClosed && complaints === '') return null;
  return `it ended with ${signal ?? `code ${code}`}: ${complaints.trim() || 'without a word'}`;
}
