import { FAULT_CODES, faultOf } from '../../../machines/fault.js';
import type { Fault, FaultCode, FaultName } from '../../../machines/fault.js';
import { visibleText } from '../../../machines/visible-text.js';
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
  if (error instanceof RunnerError) return error.toFault();
  return isOfSystem(error) ? ofSystem(error).toFault() : faultOf(error);
}

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'errno' in error;

/** What the system refused and nobody foresaw there is a trouble of the host, not a defect. */
function ofSystem(error: NodeJS.ErrnoException): RunnerError {
  if (error.syscall === 'uv_cwd') {
    return new RunnerError('host_unfit', 'The folder this process works in is not there any more.', {
      hint: 'Change into a folder that exists and begin again there.',
      cause: error,
    });
  }
  return new RunnerError('host_unfit', `The system refused what was asked of it: ${error.message}.`, {
    hint: 'Look at the path named, its permissions, and the space and descriptors that are left; TMPDIR names the folder for temporary files.',
    cause: error,
  });
}
