/** Types that signatures of src/testing/index.ts mention and few hosts need by name. */
export type { Actors, KnownAct, KnownStep, Situation } from './exploration/actors.js';
export type {
  Board,
  Effect as ExploredEffect,
  Place,
  PlaceKind,
  Places,
  Timer as ExploredTimer,
} from './exploration/system-state.js';
export type { Court, Judge, Ruling, Verdict as ExploredVerdict, Wrong } from './exploration/invariant-checks.js';
export type { ByWorld, Stimulus } from './exploration/stimuli.js';
export type { Interner } from './exploration/interning.js';
export type { Budget, Deed, Desk, Look, Turn } from './exploration/scenario.js';
export type { Shown as ExploredSight, Sights } from './exploration/system-view.js';
export type { Arrival, ByPerson, Happening, Move, System as ExploredSystem } from './exploration/system.js';
export type { Listener, World as ExploredWorld } from './exploration/actor-system.js';
export type {
  EffectNode,
  MachineNode,
  Node as ModelNode,
  NodeBase,
  OsNode,
  Timer as ModelTimer,
} from './model/nodes.js';
export type { OsFacts } from './model/os-model.js';
