import type { AnyEventObject } from 'xstate';
import type { PackageEmitted, RouteContext } from '../../../machines/index.js';
import { runnerMachine } from '../../../machines/index.js';
import { FrontEnd, keyOf, System } from '../../../src/testing/exploration/index.js';
import type { UserAction, Environment, Move, Scenario, Stimulus } from '../../../src/testing/exploration/index.js';
import { RealSystem } from '../../support/machines/real-system.js';
import { mulberry } from '../../store/support/random.js';

/** What a comparison of explored worlds with running ones brought. */
export interface Likeness {
  readonly walks: number;
  readonly events: number;
  readonly seed: number;
  /** The first difference, with the way that led to it. */
  readonly mismatch: { readonly what: string; readonly story: readonly string[] } | null;
}

const STEPS_MAX = 120;

/**
 * Random walks through scenarios, every move made twice: by the exploration's world and by XState itself, with real
 * timers, mailboxes and actors. After each, every actor is in the same state with the same context (but for what
 * exploration holds to be dead: if it were not, walks would part), and the same was said to the faces.
 */
export function compare(scenarios: readonly Scenario[], eventsMin: number, seed: number): Likeness {
  const random = mulberry(seed);
  let events = 0;
  let walks = 0;
  for (; events < eventsMin; walks++) {
    const scenario = scenarios[walks % scenarios.length] as Scenario;
    const walk = new Walk(scenario);
    for (let step = 0; step < STEPS_MAX; step++) {
      const taken = walk.step(random);
      if (taken === null) break;
      events += taken.events;
      if (taken.difference !== null)
        return { walks, events, seed, mismatch: { what: `${scenario.name}: ${taken.difference}`, story: walk.story } };
    }
  }
  return { walks, events, seed, mismatch: null };
}

class Walk {
  readonly story: string[] = [];
  readonly #system: System;
  readonly #real: RealSystem;
  readonly #frontEnd: FrontEnd;
  #open: Environment['open'] = {};
  #vector: Int32Array;

  constructor(scenario: Scenario) {
    const cold = { ...scenario, isWarm: false };
    this.#system = new System(cold, runnerMachine);
    this.#vector = this.#system.start().vector.slice();
    this.#real = new RealSystem(scenario.input, ({ path, event }) => {
      if (path.startsWith('package/')) this.#frontEnd.hear(event as PackageEmitted);
    });
    this.#frontEnd = new FrontEnd({
      open: () => this.#open,
      route: (pid) => this.#real.states[`route/${pid}`]?.context as RouteContext | undefined,
      send: (path, event) => this.#real.send(path, event),
      close: (callId) => {
        const { [callId]: _closed, ...others } = this.#open;
        this.#open = others;
      },
    });
  }

  /** @returns null when nothing more can happen */
  step(random: () => number): { readonly events: number; readonly difference: string | null } | null {
    this.#system.load(this.#vector);
    const moves = this.#system.moves(this.#vector);
    const move = moves[Math.floor(random() * moves.length)];
    if (move === undefined) return null;
    this.story.push(this.#system.lineOf(move));
    const emittedBefore = this.#real.emitted.length;
    const { vector, wrong } = this.#system.move(this.#vector, move);
    this.#vector = vector.slice();
    this.#apply(move);
    this.#frontEnd.closeFlows();
    const said = this.#real.emitted.slice(emittedBefore).map(({ path, event }) => `${path} ${event.type}`);
    const events = this.#system.happened.filter(({ seen }) => seen.what === 'delivered').length;
    return { events, difference: wrong[0]?.what ?? this.#difference(said) };
  }

  #difference(said: readonly string[]): string | null {
    const explored = this.#system.happened.flatMap(({ seen }) =>
      seen.what === 'emitted' ? [`${seen.actor} ${seen.event.type}`] : [],
    );
    if (said.join() !== explored.join()) return `said ${said.join(', ')}, explored ${explored.join(', ')}`;
    const real = new Map(
      Object.entries(this.#real.states).map(([path, { state, context }]) => [path, { state, context }]),
    );
    const { actorSystem } = this.#system;
    for (const place of actorSystem.places.all) {
      if (place.kind !== 'machine') continue;
      const there = real.get(place.path);
      real.delete(place.path);
      if (!actorSystem.isTaken(place)) {
        if (there !== undefined) return `${place.path} lives in truth (${there.state}), not in the exploration`;
        continue;
      }
      const { machine, state, snapshot } = actorSystem.situationAt(place);
      if (there === undefined) return `${place.path} lives in the exploration (${state}), not in truth`;
      const [truth, explored_] = [
        keyOf(machine, there.state, there.context as object),
        keyOf(machine, state, snapshot.context as object),
      ];
      if (there.state !== state) return `${place.path} is ${there.state}, explored ${state}`;
      if (truth !== explored_) return `${place.path} knows ${truth}, explored ${explored_}`;
    }
    const [extra] = real.keys();
    return extra === undefined ? null : `${extra} lives in truth, not in the exploration`;
  }

  #apply(move: Move): void {
    if (move.by === 'world') this.#applyStimulus(move.stimulus);
    else this.#applyDeed(move.userAction);
  }

  #applyStimulus(stimulus: Stimulus): void {
    const { place } = stimulus;
    const event = (number: number): AnyEventObject => this.#system.actorSystem.actors.events.of(number);
    switch (stimulus.kind) {
      case 'answer':
        return this.#real.send(place.path, { type: 'answer.done', output: event(stimulus.event)['output'] });
      case 'refusal':
        return this.#real.send(place.path, { type: 'answer.failed', error: event(stimulus.event)['error'] });
      case 'os':
        for (const number of stimulus.events) this.#tell(place.parent?.path ?? '', event(number));
        return;
      case 'timer':
        if (place.kind === 'os') return this.#tell(place.parent?.path ?? '', event(stimulus.timer.event));
        return this.#real.fire(place.path, stimulus.timer.id);
    }
  }

  /** A process that has gone meanwhile says nothing more. */
  #tell(path: string, event: AnyEventObject): void {
    if (this.#real.states[path] !== undefined) this.#real.send(path, event);
  }

  #applyDeed(userAction: UserAction): void {
    this.#open = userAction.environment({ open: this.#open, files: {} }).open;
    for (const { to, event } of userAction.events) {
      const lives = to === 'runner' ? !/^(Closed|Failed)$/.test(this.#real.states['runner']?.state ?? '') : true;
      if (lives && this.#real.states[to] !== undefined) this.#real.send(to, event);
    }
  }
}
