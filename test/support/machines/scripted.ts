import type { AnyActorLogic, AnyActorRef, AnyEventObject } from 'xstate';
import {
  changeoverMachine,
  packageMachine,
  processMachine,
  routeMachine,
  runnerMachine,
} from '../../../machines/index.js';

/** What makes a scripted effect answer. */
export type Answer = { type: 'answer.done'; output: unknown } | { type: 'answer.failed'; error: unknown };

interface ScriptedSnapshot {
  readonly status: 'active' | 'done' | 'error';
  readonly output: unknown;
  readonly error: unknown;
}

const effect = {
  getInitialSnapshot: (): ScriptedSnapshot => ({ status: 'active', output: undefined, error: undefined }),
  transition: (snapshot: ScriptedSnapshot, event: Answer): ScriptedSnapshot => {
    if (event.type === 'answer.done') return { ...snapshot, status: 'done', output: event.output };
    if (event.type === 'answer.failed') return { ...snapshot, status: 'error', error: event.error };
    return snapshot;
  },
  getPersistedSnapshot: (snapshot: ScriptedSnapshot) => snapshot,
};

type Commanded = (os: AnyActorRef, command: AnyEventObject) => void;

const osProcess = (commanded: Commanded) => ({
  ...effect,
  transition: (snapshot: ScriptedSnapshot, event: AnyEventObject, scope: { self: AnyActorRef }) => {
    if (!event.type.startsWith('xstate.')) commanded(scope.self, event);
    return snapshot;
  },
});

/** Every child a machine names, scripted; the machines among them are provided after. */
const scripts = ({ implementations }: { implementations: { actors: object } }): Record<string, never> =>
  Object.fromEntries(
    Object.keys(implementations.actors).map((name) => [name, effect as unknown as AnyActorLogic]),
  ) as never;

/** The Runner's machine and all below it, with effects that answer when they are told to. */
export function scriptedRunner(commanded: Commanded): typeof runnerMachine {
  const os = osProcess(commanded) as never;
  const process = processMachine.provide({ actors: { runOsProcess: os } });
  const pack = packageMachine.provide({ actors: { ...scripts(packageMachine), process } });
  const route = routeMachine.provide({ actors: scripts(routeMachine) });
  const changeover = changeoverMachine.provide({ actors: scripts(changeoverMachine) });
  return runnerMachine.provide({ actors: { ...scripts(runnerMachine), package: pack, route, changeover } });
}
