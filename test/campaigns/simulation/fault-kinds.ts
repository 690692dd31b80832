/** Everything that goes wrong at a site, by what it is counted under. */
export const PROCESS_FAULTS = [
  /** The process ends by itself. */
  'crash',
  /** It neither answers pings nor calls any more. */
  'hang',
  /** Bytes on its standard output that are no frame. */
  'garbage',
  /** A message in two pieces, the second of which never comes: it dies in mid-frame. */
  'torn_frame',
  /** It takes more memory than it may. */
  'memory',
] as const;
export type ProcessFault = (typeof PROCESS_FAULTS)[number];
export const REPLY_FAULTS = [
  'slow_reply',
  /** After the deadline of its call. */
  'late_reply',
  'duplicate_reply',
  'unknown_reply',
  /** A result that breaks the contract. */
  'broken_result',
  'recoverable_error',
  'fatal_error',
  /** It dies while the call runs. */
  'crash_in_call',
  /** It hangs while the call runs. */
  'hang_in_call',
  'reply_lost',
] as const;
export const START_FAULTS = [
  'spawn_failed',
  'silent_start',
  'crash_at_start',
  'start_refused',
  'wrong_info',
  'foreign_protocol',
] as const;
export const END_FAULTS = ['ignores_shutdown', 'ignores_sigterm', 'stuck_in_kernel'] as const;
export const STORE_FAULTS = ['disk_full', 'io_error', 'slow_disk', 'lost_fsync'] as const;
export const HOST_FAULTS = ['power_loss', 'runner_killed', 'clock_jump', 'images_full'] as const;
/** An effect of this name fails once. */
export const EFFECT_FAULTS = [
  'validatePackage_fails',
  'extractPackage_fails',
  'buildEnvironment_fails',
  'installWheels_fails',
  'completeDeployment_fails',
  'discardDeployment_fails',
  'recordRest_fails',
  'removeRelease_fails',
  'commitRoutes_fails',
] as const;

export const FAULT_KINDS = [
  ...PROCESS_FAULTS,
  ...REPLY_FAULTS,
  ...START_FAULTS,
  ...END_FAULTS,
  ...STORE_FAULTS,
  ...HOST_FAULTS,
  ...EFFECT_FAULTS,
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
