import { systemTool } from './system-tools.js';

/** What the operating system lets a process have; see ProcessLimits of the machines. */
export interface Limits {
  readonly memoryBytes?: number;
  readonly processes?: number;
  readonly fileBytes?: number;
}

/**
 * What stands before a command to limit it and all it starts; nothing without limits. In a user namespace of its own,
 * processes are counted there alone; elsewhere all of the user's are.
 */
export function limited({ memoryBytes, processes, fileBytes }: Limits): readonly string[] {
  const limits = [
    ...(memoryBytes === undefined ? [] : [`--as=${memoryBytes}`]),
    ...(processes === undefined ? [] : [`--nproc=${processes}`]),
    ...(fileBytes === undefined ? [] : [`--fsize=${fileBytes}`]),
  ];
  // Where there is no prlimit the start fails by that name: a limit that was asked for is never left out.
  return limits.length === 0 ? [] : [systemTool('prlimit') ?? '/usr/bin/prlimit', ...limits, '--'];
}
