/** Types that signatures of src/testing/index.ts mention and few hosts need by name. */
export type { Actors, KnownAct, KnownStep, Situation } from './exploration/actors.js';
export type {
  SystemState,
  Effect as ExploredEffect,
  Place,
  PlaceKind,
  Places,
  Timer as ExploredTimer,
} from './exploration/system-state.js';
export type {
  InvariantChecks,
  InvariantCheck,
  CheckedStep,
  CheckResult as ExploredVerdict,
  Wrong,
} from './exploration/invariant-checks.js';
export type { ByWorld, Stimulus } from './exploration/stimuli.js';
export type { Interner } from './exploration/interning.js';
export type { Budget, UserAction, Environment, Look, Response } from './exploration/scenario.js';
export type { Shown as ExploredSight, Observations } from './exploration/observations.js';
export type { Arrival, ByPerson, Happening, Move, System as ExploredSystem } from './exploration/system.js';
export type { Listener, ActorSystem as ExploredWorld } from './exploration/actor-system.js';
export type {
  EffectNode,
  MachineNode,
  Node as ModelNode,
  NodeBase,
  OsNode,
  Timer as ModelTimer,
} from './model/nodes.js';
export type { OsFacts } from './model/os-model.js';
