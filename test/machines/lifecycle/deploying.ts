import { expect } from 'vitest';
import { fault } from '../../../machines/index.js';
import {
  aPackage,
  deploy,
  probing,
  stop,
  recorded,
  faultOf,
  CRASHED,
  FAILED_STARTS,
} from '../../support/machines/package-rig.js';
import type { Cases } from '../../support/machines/lifecycle.js';
import { BROKEN, FACTS, storedAs } from '../../support/machines/samples.js';

/** From a good zip to a complete deployment, or to none. */
export const deployingCases = {
  'Validated · extracted, environment built, wheels installed, probed, registered → Deployed': {
    'step by step, ending with no process': () => {
      const rig = probing().getsReady();
      expect(rig.commands.at(-1)).toEqual({ type: 'shutdown.send' });
      expect(rig.leaves().state()).toBe('Validated.Registering');
      expect(rig.done('completeDeployment').state()).toBe('Deployed.Recording');
      expect(recorded(rig)).toMatchObject({ state: 'Deployed', reason: null });
      expect(rig.done('recordRest').state()).toBe('Deployed.Idle');
      expect(rig.composition.processes()).toEqual([]);
      expect(rig.path()).toEqual([
        'Discovered.Validating', 'Validated.Recording', 'Validated.Extracting', 'Validated.BuildingEnvironment',
        'Validated.Installing', 'Validated.Probing', 'Validated.Concluding', 'Validated.Registering', 'Deployed.Recording', 'Deployed.Idle',
      ]); // prettier-ignore
    },
    'also when somebody asks later, and as far as he asks': () => {
      const rig = aPackage({ stored: storedAs('Validated') }).send({ ...deploy, target: 'Running' });
      expect(rig.state()).toBe('Validated.Extracting');
      rig.done('extractPackage', 'buildEnvironment', 'installWheels').getsReady().leaves();
      expect(rig.done('completeDeployment', 'recordRest').state()).toBe('Deployed.Requested');
    },
    'a probe that has to be killed after it was ready counts all the same': () => {
      const rig = probing().getsReady().passes(3_000).passes(3_000).tell(CRASHED);
      expect(rig.state()).toBe('Validated.Registering');
    },
    'the probe runs what was installed': () => {
      expect(probing().os().input.launch).toEqual(FACTS.launch);
    },
    'one instance is enough for the probe': () => {
      const rig = aPackage({ policy: { instances: 2 } });
      rig.done('validatePackage', 'recordRest', 'extractPackage', 'buildEnvironment', 'installWheels');
      expect(rig.composition.processes()).toHaveLength(1);
    },
    'an explicit install goes on to start, with its wish recorded': () => {
      const rig = probing('Running').getsReady().leaves().done('completeDeployment', 'recordRest');
      expect(rig.state()).toBe('Deployed.Requested');
      expect(recorded(rig)).toMatchObject({ state: 'Deployed', wanted: 'running' });
    },
    'a record that cannot be written leaves it Deployed with the fault': () => {
      const rig = probing('Running').getsReady().leaves().done('completeDeployment').fails('recordRest');
      expect(rig.state()).toBe('Deployed.Idle');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
    'called off before the probe, it is taken away and waits again': () => {
      for (const steps of [[], ['extractPackage'], ['extractPackage', 'buildEnvironment']] as const) {
        const rig = aPackage({ target: 'Running' })
          .done('validatePackage', 'recordRest', ...steps)
          .send(stop);
        expect(rig.state()).toBe('Validated.Abandoning');
        expect(rig.underWay).toBe('discardDeployment');
        expect(rig.done('discardDeployment').state()).toBe('Validated.Waiting');
      }
    },
    'called off during the probe, its process leaves first': () => {
      const rig = probing('Running').send(stop);
      expect(rig.state()).toBe('Validated.Halting');
      expect(rig.commands.at(-1)).toEqual({ type: 'shutdown.send' });
      expect(rig.leaves().underWay).toBe('discardDeployment');
      expect(rig.done('discardDeployment').state()).toBe('Validated.Waiting');
    },
    'called off after the probe has passed, it is deployed, but not started': () => {
      const rig = probing('Running').getsReady().send(stop).leaves().done('completeDeployment', 'recordRest');
      expect(rig.state()).toBe('Deployed.Idle');
    },
    'called off, but what it left cannot be removed: it waits with that fault': () => {
      const rig = aPackage().done('validatePackage', 'recordRest').send(stop).fails('discardDeployment');
      expect(rig.state()).toBe('Validated.Waiting');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
  },

  'Validated · any of that failed → Invalid': {
    ...Object.fromEntries(
      (['extractPackage', 'buildEnvironment', 'installWheels'] as const).map((broken, i, steps) => [
        `${broken} fails: what it left is removed, then the reason recorded`,
        () => {
          const rig = aPackage()
            .done('validatePackage', 'recordRest', ...steps.slice(0, i))
            .fails(broken);
          expect(rig.state()).toBe('Validated.Discarding');
          rig.done('discardDeployment');
          expect(recorded(rig)).toMatchObject({ state: 'Invalid', reason: BROKEN });
          expect(rig.done('recordRest').state()).toBe('Invalid.Waiting');
        },
      ]),
    ),
    ...Object.fromEntries(
      FAILED_STARTS.map(([what, fails, name]) => [
        `the probe ${what}: ${name}`,
        () => {
          const rig = probing();
          fails(rig);
          expect(rig.state()).toBe('Validated.Discarding');
          expect(rig.composition.processes()).toEqual([]);
          rig.done('discardDeployment', 'recordRest');
          expect(rig.state()).toBe('Invalid.Waiting');
          expect(faultOf(rig)?.name).toBe(name);
        },
      ]),
    ),
    'the deployment cannot be registered': () => {
      const rig = probing().getsReady().leaves().fails('completeDeployment').done('discardDeployment', 'recordRest');
      expect(rig.state()).toBe('Invalid.Waiting');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
    'the first reason stays when even the removal fails': () => {
      const rig = aPackage().done('validatePackage', 'recordRest').fails('extractPackage');
      rig.fails('discardDeployment', fault('store_io_failed', 'Busy.')).done('recordRest');
      expect(rig.state()).toBe('Invalid.Waiting');
      expect(faultOf(rig)).toEqual(BROKEN);
    },
  },
} satisfies Cases;
