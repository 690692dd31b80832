import type { SimulatedHost } from './host.js';

/** What should be gone once the Runner has ended, and is not: nothing of it is left, and everybody has an answer. */
export function leftOf(host: SimulatedHost, open: ReadonlySet<string>): { rule: string; what: string }[] {
  const { watch, calls, living, underway, images, store, clock } = host;
  watch.rest();
  const promises = [
    ...[...calls.open].map((id) => `call ${id} was never settled`),
    ...[...calls.keys()].map((id) => `call ${id} was never let go of`),
    ...[...open].map((name) => `never answered: ${name}`),
  ];
  const left = [
    ...[...living.values()].map(({ osPid }) => `process ${osPid} still lives`),
    ...[...underway.values()].map(({ name }) => `the effect ${name} is still under way`),
    ...(images.leased > 0 ? [`${images.leased} image segments were not given back`] : []),
    ...(store.underWay > 0 ? [`${store.underWay} operations were not ended`] : []),
    ...(clock.armed > 0 ? [`${clock.armed} timers are still armed`] : []),
  ];
  return [...promises.map((what) => ({ rule: 'promises', what })), ...left.map((what) => ({ rule: 'left', what }))];
}
