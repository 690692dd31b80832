import { fault } from './fault.js';
import type { Fault } from './fault.js';
import type { ProcessContext } from './process.events.js';
import { settingHint } from './setting-hint.js';

/** Why a process ends or never begins, in words. */
export const memoryExceeded = ({ key, memory }: ProcessContext, residentBytes: number): Fault =>
  fault('memory_exceeded', `A process of ${key} takes ${residentBytes} bytes of memory.`, {
    hint: settingHint(
      'Find what it keeps; if it honestly needs as much, allow it',
      'memory.replaceBytes',
      'memory.killBytes',
    ),
    details: { resident_bytes: residentBytes, replace_bytes: memory.replaceBytes, kill_bytes: memory.killBytes },
  });
export const infoMismatch = (key: string, mismatches: readonly string[]): Fault =>
  fault('info_mismatch', `get_info() of ${key} disagrees with its manifest: ${mismatches.join('; ')}.`, {
    details: { mismatches },
  });
export const silentStart = (key: string, helloMs: number): Fault =>
  fault('start_failed', `${key} did not say hello within ${helloMs} ms of its start.`, {
    hint: settingHint(
      'See in its log what takes so long; if setup() honestly does, give it more time',
      'timings.helloMs',
    ),
  });
export const unconfirmedStart = (key: string, confirmMs: number): Fault =>
  fault('start_failed', `${key} said hello but did not confirm that it is ready within ${confirmMs} ms of its start.`, {
    hint: settingHint(
      'See in its log what takes so long; if its imports honestly do, give it more time',
      'timings.confirmMs',
    ),
  });
export const failedStart = (key: string, exit: Fault): Fault =>
  fault('start_failed', `${key} ended before it was ready: ${exit.message}`, {
    ...(exit.details === undefined ? {} : { details: exit.details }),
  });
export const heartbeatLost = (key: string): Fault =>
  fault('timeout', `${key} missed two heartbeats in a row while it was at rest.`, {
    hint: settingHint('See in its log what blocked it; give it more time', 'timings.pongGraceMs'),
  });
export const undelivered = (key: string): Fault =>
  fault('process_lost', `The process of ${key} was leaving when the call reached it.`);
export const stoppedDuringCall = (key: string): Fault =>
  fault('call_cancelled', `${key} was stopped while the call was running.`);
export const tooManyFailures = ({ key, failures }: ProcessContext): Fault =>
  fault('process_lost', `${key} failed ${failures + 1} calls in a row; its process is replaced.`, {
    details: { failures: failures + 1 },
  });
export const fatalAnswer = (key: string): Fault =>
  fault('process_lost', `${key} answered with FatalError; its process is replaced.`);
