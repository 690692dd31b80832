/** What the names of a machine mean, for those who read its drawings and its page. All of it may be left out. */
export interface MachineWords {
  /** What states mean, by path, where the machine has no description of them. */
  readonly states?: Readonly<Record<string, string>>;
  readonly events?: Readonly<Record<string, EventWords>>;
  /** A sentence each: when the guard holds. */
  readonly guards?: Readonly<Record<string, string>>;
  readonly delays?: Readonly<Record<string, DelayWords>>;
  /** A sentence each: what the effect does. */
  readonly effects?: Readonly<Record<string, string>>;
}

export interface EventWords {
  /** Who sends it. */
  readonly from: string;
  readonly says: string;
}

export interface DelayWords {
  readonly says: string;
  /** The option that sets it: `timings.drainMs`; left out: none does. */
  readonly option?: string;
  /** Its default, in milliseconds; null: it never comes about by default. */
  readonly presetMs: number | null;
}

/** `30 s`, `2 min`, `never`. */
export function sayPreset({ presetMs }: Pick<DelayWords, 'presetMs'>): string {
  if (presetMs === null) return 'off';
  if (presetMs % 60_000 === 0 && presetMs > 0) return `${presetMs / 60_000} min`;
  return presetMs % 1000 === 0 ? `${presetMs / 1000} s` : `${presetMs} ms`;
}

/** The same beside the name of the delay, where nobody would know what is off. */
export const sayDelay = (delay: Pick<DelayWords, 'presetMs'>): string =>
  delay.presetMs === null ? 'off by default' : sayPreset(delay);
