import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = {
  name: 'slow',
  version: '1.0.0',
  entry_point: 'slow.main:Slow',
  supported_pids: ['P1'],
  steps: [{ index: 1, name: 'wait', params: [] }],
};

/** Its execute writes `running` into its folder and ends when somebody writes `go` there. */
const MAIN = `
import os, time
from procvision_algorithm_sdk import BaseAlgorithm

class Slow(BaseAlgorithm):
    def get_info(self):
        return ${JSON.stringify({ ...MANIFEST, entry_point: undefined })}

    def pre_execute(self, step_index, pid, session, user_params, shared_mem_id, image_meta):
        return {"status": "OK", "data": {}}

    def execute(self, step_index, pid, session, user_params, shared_mem_id, image_meta):
        root = os.environ["PROC_ALGO_ROOT"]
        open(os.path.join(root, "running"), "w").close()
        while not os.path.exists(os.path.join(root, "go")):
            time.sleep(0.02)
        return {"status": "OK", "data": {"result_status": "OK"}}
`;

export function writeSlowProject(folder: string): void {
  mkdirSync(join(folder, 'slow'), { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'requirements.txt'), '');
  writeFileSync(join(folder, 'slow', '__init__.py'), '');
  writeFileSync(join(folder, 'slow', 'main.py'), MAIN);
}
