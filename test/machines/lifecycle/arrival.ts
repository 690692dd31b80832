import { expect } from 'vitest';
import { fault } from '../../../machines/index.js';
import { aPackage, stop, recorded, faultOf, lastReport } from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN, storedAs } from '../../support/machines/samples.js';

/** How a release comes to be known, and good or bad. */
export const arrivalCases = {
  '(zip appears in zips/, or is uploaded) · discovered → Discovered': {
    'a zip never seen before is being validated, and says so': () => {
      const rig = aPackage();
      expect(rig.state()).toBe('Discovered.Validating');
      expect(lastReport(rig)).toMatchObject({ state: 'Discovered', ready: false, resting: false });
    },
    'a zip the registry knows as Discovered is validated again': () => {
      expect(aPackage({ stored: storedAs('Discovered') }).state()).toBe('Discovered.Validating');
    },
    'any other release rests where the registry says': () => {
      for (const [state, rests] of [
        ['Validated', 'Waiting'],
        ['Deployed', 'Idle'],
        ['Stopped', 'Idle'],
        ['Invalid', 'Waiting'],
      ] as const) {
        const rig = aPackage({ stored: storedAs(state, { reason: BROKEN }) });
        expect(rig.state()).toBe(`${state}.${rests}`);
        expect(lastReport(rig)).toMatchObject({ state, ready: false, resting: true, fault: BROKEN });
      }
    },
  },

  'Discovered · validation passed → Validated': {
    'it is recorded first, then waits when it is to go no further': () => {
      const rig = aPackage({ target: 'Validated' }).done('validatePackage');
      expect(rig.state()).toBe('Validated.Recording');
      expect(recorded(rig)).toMatchObject({ state: 'Validated', wanted: 'stopped', reason: null });
      expect(rig.done('recordRest').state()).toBe('Validated.Waiting');
      expect(lastReport(rig)).toMatchObject({ state: 'Validated', resting: true, fault: null });
    },
    'a record that cannot be written leaves it waiting with the fault, even if it was to go further': () => {
      const rig = aPackage({ target: 'Running' }).done('validatePackage').fails('recordRest');
      expect(rig.state()).toBe('Validated.Waiting');
      expect(lastReport(rig)).toMatchObject({ fault: BROKEN });
    },
    'asked to stop meanwhile, it goes no further than Validated': () => {
      const rig = aPackage({ target: 'Running' }).send(stop).done('validatePackage', 'recordRest');
      expect(rig.state()).toBe('Validated.Waiting');
    },
  },

  'Discovered · validation failed → Invalid': {
    'code and reason are recorded, and it waits for a person': () => {
      const rig = aPackage().fails('validatePackage');
      expect(recorded(rig)).toMatchObject({ state: 'Invalid', reason: BROKEN });
      expect(rig.done('recordRest').state()).toBe('Invalid.Waiting');
      expect(lastReport(rig)).toMatchObject({ state: 'Invalid', resting: true, fault: BROKEN });
    },
    'a record that cannot be written does not hide the reason': () => {
      const rig = aPackage().fails('validatePackage').fails('recordRest', fault('store_io_failed', 'Disk full.'));
      expect(rig.state()).toBe('Invalid.Waiting');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
  },
} satisfies Cases;
