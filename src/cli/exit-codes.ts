import type { FaultName } from '../base/errors/index.js';

/** What the shell is told, after sysexits.h: a script can tell a bad package from a busy store. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 64,
  badPackage: 65,
  unavailable: 69,
  outputFailed: 74,
  tryAgain: 75,
  configuration: 78,
} as const;

/** A command ended by a signal exits with 128 and the signal's number. */
export const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT] | (typeof EXIT_BY_SIGNAL)[keyof typeof EXIT_BY_SIGNAL];

/** Total: a new failure has to say here how it ends a command. */
export const EXIT_CODES: Readonly<Record<FaultName, ExitCode>> = {
  invalid_usage: EXIT.usage,
  invalid_params: EXIT.usage,
  coordinate_invalid: EXIT.usage,

  invalid_zip: EXIT.badPackage,
  manifest_missing: EXIT.badPackage,
  incompatible_python: EXIT.badPackage,
  wheels_missing: EXIT.badPackage,
  install_failed: EXIT.badPackage,
  start_failed: EXIT.badPackage,
  info_mismatch: EXIT.badPackage,
  protocol_unsupported: EXIT.badPackage,
  sdk_unsupported: EXIT.badPackage,
  protocol_fault: EXIT.badPackage,
  model_not_found: EXIT.badPackage,

  host_unfit: EXIT.unavailable,
  restarts_used_up: EXIT.unavailable,
  release_not_ready: EXIT.unavailable,

  store_locked: EXIT.tryAgain,
  queue_full: EXIT.tryAgain,
  image_pool_full: EXIT.tryAgain,
  runner_closed: EXIT.tryAgain,

  output_failed: EXIT.outputFailed,

  settings_invalid: EXIT.configuration,
  store_corrupt: EXIT.configuration,
  store_io_failed: EXIT.configuration,
  log_interrupted: EXIT.configuration,
  trace_interrupted: EXIT.configuration,

  invalid_pid: EXIT.failed,
  image_load_failed: EXIT.failed,
  gpu_oom: EXIT.failed,
  timeout: EXIT.failed,
  activation_conflict: EXIT.failed,
  unsafe_uninstall: EXIT.failed,
  process_lost: EXIT.failed,
  call_cancelled: EXIT.failed,
  contract_violation: EXIT.failed,
  algorithm_error: EXIT.failed,
  release_not_found: EXIT.failed,
  operation_conflict: EXIT.failed,
  already_installed: EXIT.failed,
  flow_ended: EXIT.failed,
  memory_exceeded: EXIT.failed,
  operation_cancelled: EXIT.failed,
  probation_failed: EXIT.failed,
  isolation_weak: EXIT.failed,
  release_altered: EXIT.badPackage,
  actor_failed: EXIT.failed,
  image_doubtful: EXIT.failed,
  images_damaged: EXIT.failed,
  unknown_error: EXIT.failed,
};
