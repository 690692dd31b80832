/**
 * The main job from end to end, on painted images: packages two versions of screw-check and one broken package, installs
 * all three, binds both PIDs, inspects every image, switches to the second version, which fails on one of the PIDs, and
 * back; then stops, starts and uninstalls, so that a release walks each of the seven states. Exits 1 when a verdict is not
 * the expected one.
 */
import { RunnerError } from '../../src/index.js';
import { runDemo } from './demo.js';
import { printDemo, sayStage } from './report.js';

const asJson = process.argv.includes('--json');
try {
  const result = await runDemo(asJson ? () => undefined : sayStage);
  if (asJson) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else printDemo(result);
  process.exitCode = result.wrong === 0 && result.statesMissing.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof RunnerError)) throw error;
  if (asJson) process.stdout.write(`${JSON.stringify(error)}\n`);
  else process.stderr.write(`\n${error.code} ${error.message}\n${error.hint}\n`);
  process.exitCode = error.faultName === 'host_unfit' ? 69 : 1;
}
