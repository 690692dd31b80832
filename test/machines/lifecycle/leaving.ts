import { expect } from 'vitest';
import { aPackage, recheck, uninstall, faultOf, lastReport } from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN, storedAs } from '../../support/machines/samples.js';

/** A second chance, or the end. */
export const leavingCases = {
  'Invalid · recheck / discard → Discovered / gone': {
    'a recheck validates afresh, as far as asked': () => {
      const rig = aPackage({ stored: storedAs('Invalid', { reason: BROKEN }) }).send(recheck);
      expect(rig.state()).toBe('Discovered.Validating');
      expect(lastReport(rig)).toMatchObject({ state: 'Discovered', resting: false, fault: null });
      expect(rig.done('validatePackage', 'recordRest').state()).toBe('Validated.Waiting');
    },
    'a discard removes it': () => {
      const rig = aPackage({ stored: storedAs('Invalid') }).send(uninstall);
      expect(lastReport(rig)).toMatchObject({ resting: false });
      expect(lastReport(rig.done('removeRelease'))).toMatchObject({ type: 'package.gone' });
    },
    'a removal that fails leaves it, with that fault': () => {
      const rig = aPackage({ stored: storedAs('Invalid') })
        .send(uninstall)
        .fails('removeRelease');
      expect(rig.state()).toBe('Invalid.Waiting');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
  },

  'Deployed, Stopped · uninstall → gone': {
    'it is removed from disk and registry, then gone': () => {
      for (const state of ['Deployed', 'Stopped', 'Validated'] as const) {
        const rig = aPackage({ stored: storedAs(state) }).send(uninstall);
        expect(rig.underWay).toBe('removeRelease');
        expect(lastReport(rig)).toMatchObject({ resting: false });
        expect(lastReport(rig.done('removeRelease'))).toMatchObject({ type: 'package.gone' });
      }
    },
    'a removal that fails leaves it where it was, with that fault': () => {
      for (const [state, rests] of [
        ['Deployed', 'Idle'],
        ['Stopped', 'Idle'],
        ['Validated', 'Waiting'],
      ] as const) {
        const rig = aPackage({ stored: storedAs(state) })
          .send(uninstall)
          .fails('removeRelease');
        expect(rig.state()).toBe(`${state}.${rests}`);
        expect(lastReport(rig)).toMatchObject({ resting: true, fault: BROKEN });
      }
    },
  },
} satisfies Cases;
