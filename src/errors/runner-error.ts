import { FAULT_CODES, faultOf } from '../../machines/fault.js';
import type { Fault, FaultCode, FaultName } from '../../machines/fault.js';
import { visibleText } from '../../machines/visible-text.js';
import { CATALOGUE } from './catalogue.js';

export interface ErrorOptions {
  /** What to do next; the catalogue's advice when left out. */
  readonly hint?: string;
  /** Facts for programs, plain JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class of the library. A fault (plain data) becomes a RunnerError where it is thrown at a caller, and
 * a RunnerError becomes a fault where it enters a machine (contract §10).
 */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: FaultCode;
  readonly faultName: FaultName;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: FaultName, message: string, options: ErrorOptions = {}) {
    super(visibleText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = FAULT_CODES[name];
    this.faultName = name;
    this.hint = visibleText(options.hint ?? CATALOGUE[name].todo);
    this.details = options.details ?? {};
  }

  static from(fault: Fault): RunnerError {
    return new RunnerError(fault.name, fault.message, {
      ...(fault.hint === undefined ? {} : { hint: fault.hint }),
      ...(fault.details === undefined ? {} : { details: fault.details }),
    });
  }

  /** The same failure as plain data. */
  toFault(): Fault {
    return { code: this.code, name: this.faultName, message: this.message, hint: this.hint, details: this.details };
  }

  /** One object per failure, as the command line prints it with `--json`. */
  toJSON(): {
    code: FaultCode;
    name: FaultName;
    message: string;
    hint: string;
    details: Readonly<Record<string, unknown>>;
  } {
    return { code: this.code, name: this.faultName, message: this.message, hint: this.hint, details: this.details };
  }
}

/** Anything thrown, as a fault. */
export function toFault(error: unknown): Fault {
  return error instanceof RunnerError ? error.toFault() : faultOf(error);
}
