import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SlowProject {
  readonly version?: string;
  readonly pids?: readonly string[];
  /** Python statements at the module's import. */
  readonly atImport?: string;
  /** While this file is there, `get_info` waits, and has written `<file>.waits` beside it. */
  readonly hold?: string;
}

/** Its execute writes `running` into its folder and ends when somebody writes `go` there. */
const mainOf = (manifest: object, { atImport = '', hold = '' }: SlowProject): string => `
import os, time
from procvision_algorithm_sdk import BaseAlgorithm
${atImport}
HOLD = ${JSON.stringify(hold)}

class Slow(BaseAlgorithm):
    def get_info(self):
        if os.path.exists(HOLD):
            open(HOLD + ".waits", "w").close()
        while os.path.exists(HOLD):
            time.sleep(0.02)
        return ${JSON.stringify({ ...manifest, entry_point: undefined })}

    def pre_execute(self, step_index, pid, session, user_params, shared_mem_id, image_meta):
        return {"status": "OK", "data": {}}

    def execute(self, step_index, pid, session, user_params, shared_mem_id, image_meta):
        root = os.environ["PROC_ALGO_ROOT"]
        open(os.path.join(root, "running"), "w").close()
        while not os.path.exists(os.path.join(root, "go")):
            time.sleep(0.02)
        return {"status": "OK", "data": {"result_status": "OK"}}
`;

export function writeSlowProject(folder: string, project: SlowProject = {}): void {
  const { version = '1.0.0', pids = ['P1'] } = project;
  const manifest = {
    name: 'slow',
    version,
    entry_point: 'slow.main:Slow',
    supported_pids: pids,
    steps: [{ index: 1, name: 'wait', params: [] }],
  };
  mkdirSync(join(folder, 'slow'), { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'requirements.txt'), '');
  writeFileSync(join(folder, 'slow', '__init__.py'), '');
  writeFileSync(join(folder, 'slow', 'main.py'), mainOf(manifest, project));
}
