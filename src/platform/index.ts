/**
 * The operating system the Runner stands on: Linux. Another one begins with this folder. What each part takes of it:
 *
 *     proc.ts                processes, descriptors and limits, from /proc; without it resources are not watched
 *     process-group.ts       process groups, signalled as one
 *     spawn-process.ts       a child that leads a session of its own; descriptors closed by close-on-exec
 *     isolation.ts           setpriv, unshare and prlimit in system folders; without them a weaker level
 *     low-priority.ts        /proc/<pid>/autogroup; without it no priority
 *     oom-score.ts           /proc/<pid>/oom_score_adj; without it no order
 *
 * POSIX elsewhere: `src/store/lock/flock.ts` (flock), `src/store/durable/folder.ts` (folders are synced),
 * `src/base/files/open-regular.ts` (O_NOFOLLOW), `src/images/pool-folder.ts` (segments are files in /dev/shm).
 */
export { systemClock } from './clock.js';
export type { Clock, Timer } from './clock.js';
export { isolated, isolationsWith, NO_ISOLATION, probeIsolation } from './isolation.js';
export type { Isolation } from './isolation.js';
export { isWeaker, weakest } from './isolation-level.js';
export type { IsolationLevel } from './isolation-level.js';
export { childrenOf, isolationOf, variableOf } from './isolation-seen.js';
export type { IsolationSeen } from './isolation-seen.js';
export { inLoopShare, loopShareOf } from './loop-share.js';
export { LowPriority } from './low-priority.js';
export { adoptGroup, releaseGroup, signalGroup } from './process-group.js';
export { goFirstOfAll } from './oom-score.js';
export { TIMER_MS_MAX } from './patient-timer.js';
export { processStat, procLink, procText } from './proc.js';
export { readProcessTable, resourceWatchWorks } from './process-table.js';
export type { ProcessRow, ProcessTable } from './process-table.js';
export { spawnProcess } from './spawn-process.js';
export type { Command, Spawned, SpawnedProcess, SpawnOptions } from './spawn-process.js';
export { systemTool } from './system-tools.js';
export { systemUnits } from './system-units.js';
export type { SystemUnits } from './system-units.js';
export { leaveTurns } from './turns.js';
