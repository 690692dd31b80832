/** Types that signatures of src/testing/index.ts mention and few hosts need by name. */
export type { Actors, KnownAct, KnownStep, Situation } from './exploration/actors.js';
export type { Board, Effect as ExploredEffect, Timer as ExploredTimer } from './exploration/board.js';
export type { Court, Ruling, Wrong } from './exploration/court.js';
export type { ByWorld } from './exploration/groups.js';
export type { Interner } from './exploration/interner.js';
export type { Judge, Verdict as ExploredVerdict } from './exploration/judge.js';
export type { Place, PlaceKind, Places } from './exploration/places.js';
export type { Budget, Deed, Desk, Look, Turn } from './exploration/scenario.js';
export type { Shown as ExploredSight, Sights } from './exploration/sights.js';
export type { Stimulus } from './exploration/stimuli.js';
export type { Arrival, ByPerson, Happening, Move, System as ExploredSystem } from './exploration/system.js';
export type { Listener, World as ExploredWorld } from './exploration/world.js';
export type {
  EffectNode,
  MachineNode,
  Node as ModelNode,
  NodeBase,
  OsNode,
  Timer as ModelTimer,
} from './model/nodes.js';
export type { OsFacts } from './model/os-model.js';
