import { toFault } from '../../base/errors/index.js';
import type { Fault, FaultCode } from '../../base/errors/index.js';

/** The static checks of contract §3.2, in their order. */
const CHECK_NAMES = [
  'archive',
  'layout',
  'manifest',
  'requirements',
  'wheels_present',
  'interpreter',
  'wheels_resolve',
  'entry_point',
  'assets',
  'file_name',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export interface Check {
  readonly name: CheckName;
  readonly result: 'passed' | 'failed' | 'warning' | 'skipped';
  readonly message: string;
  readonly hint?: string;
  readonly code?: FaultCode;
}

/** The same object from the library, the command line and the registry; plain JSON. */
export interface ValidationReport {
  /** No check failed. */
  readonly ok: boolean;
  /** The zip or folder that was looked at. */
  readonly subject: string;
  /** Every check once, in the order of CHECK_NAMES. */
  readonly checks: readonly Check[];
  /** Of the first check that failed. */
  readonly fault?: Fault;
}

/** What a check found out: a value for later checks, what to say, and what is accepted but better told. */
export interface Finding<T> {
  readonly value: T;
  readonly message: string;
  readonly warnings?: readonly string[];
  readonly hint?: string;
}

/** Collects one report; a failed check does not keep the others from running. */
export class ReportBuilder {
  readonly #checks = new Map<CheckName, Check>();
  readonly #faults = new Map<CheckName, Fault>();

  constructor(private readonly subject: string) {}

  /** Runs a check; undefined when it failed. */
  async run<T>(name: CheckName, find: () => Finding<T> | Promise<Finding<T>>): Promise<T | undefined> {
    try {
      const { value, message, warnings = [], hint } = await find();
      const told = [message, ...warnings].join('; ');
      const result = warnings.length === 0 ? 'passed' : 'warning';
      this.#checks.set(name, { name, result, message: told, ...(hint === undefined ? {} : { hint }) });
      return value;
    } catch (error) {
      this.fail(name, toFault(error));
      return undefined;
    }
  }

  fail(name: CheckName, fault: Fault): void {
    const { message, hint, code } = fault;
    this.#checks.set(name, { name, result: 'failed', message, ...(hint === undefined ? {} : { hint }), code });
    this.#faults.set(name, fault);
  }

  skip(name: CheckName, why: string): void {
    this.#checks.set(name, { name, result: 'skipped', message: why });
  }

  /** Checks that never ran count as skipped: what they stand on is broken. */
  build(): ValidationReport {
    const checks = CHECK_NAMES.map(
      (name): Check => this.#checks.get(name) ?? { name, result: 'skipped', message: 'an earlier check failed' },
    );
    const first = checks.find(({ result }) => result === 'failed');
    const fault = first === undefined ? undefined : this.#faults.get(first.name);
    return { ok: first === undefined, subject: this.subject, checks, ...(fault === undefined ? {} : { fault }) };
  }
}
