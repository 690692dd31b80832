#!/usr/bin/env node

// Whatever keeps the modules from being loaded (no descriptor left, an installation cut short) is told like any failure,
// with nothing but what Node itself brings.
try {
  const words = process.argv.slice(2);
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    const { VERSION } = await import('../runner/version.js');
    process.stdout.write(`${VERSION}\n`);
  } else {
    const { runCli } = await import('./run.js');
    process.exitCode = await runCli(words, process);
  }
} catch (error) {
  const message = `procvision cannot be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  const hint = 'Look whether the host has descriptors and memory left (ulimit -n), else install it again.';
  const failure = { code: '3020', name: 'host_unfit', message, hint, details: {} };
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(failure, null, 2)}\n`);
  else process.stderr.write(`error: ${message} (3020 host_unfit)\nhint: ${hint}\n`);
  process.exitCode = 69;
}
