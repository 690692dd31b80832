/**
 * Who may import whom; read top to bottom. machines know nothing; the faces know only the library.
 * The number of modules seen is asserted by scripts/check-boundaries.js: a cruise that sees nothing finds nothing.
 */
const only = (name, from, allowed, packages = []) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: {
    pathNot: [...allowed, ...packages.map((p) => `^node_modules/${p}/`)].join('|'),
    dependencyTypesNot: ['core'],
  },
});

module.exports = {
  forbidden: [
    {
      ...only('machines-are-pure', '^machines/', ['^machines/'], ['xstate']),
      to: { pathNot: '^machines/|^node_modules/xstate/' },
    },
    only('errors-know-only-machines', '^src/errors/', ['^src/errors/', '^machines/']),
    only('json-is-a-leaf', '^src/json/', ['^src/json/']),
    only('workers-are-a-leaf', '^src/workers/', ['^src/(workers|errors)/', '^machines/'], ['piscina']),
    only('files-know-only-errors', '^src/files/', ['^src/(files|errors)/']),
    only('os-is-a-leaf', '^src/os/', ['^src/os/'], ['execa']),
    only('protocol-is-a-leaf', '^src/protocol/', ['^src/(protocol|json|errors)/', '^machines/'], ['zod']),
    only(
      'package-is-a-leaf',
      '^src/package/',
      ['^src/(package|workers|os|json|errors)/', '^machines/'],
      ['zod', 'yauzl', '@types/yauzl', 'yazl', '@types/yazl', 'ajv', 're2js', 'ignore'],
    ),
    only('images-is-a-leaf', '^src/images/', ['^src/(images|errors)/', '^machines/'], ['sharp', '@img']),
    only('store-is-a-leaf', '^src/store/', ['^src/(store|files|os|errors)/', '^machines/'], ['zod', 'execa']),
    only('trace-is-a-leaf', '^src/trace/', ['^src/(trace|files|errors)/', '^machines/'], ['xstate', 'zod']),
    only('model-steps-machines', '^src/model/', ['^src/model/', '^machines/'], ['xstate']),
    only('exploration-uses-the-model', '^src/exploration/', ['^src/(exploration|model)/', '^machines/'], ['xstate']),
    only(
      'replay-uses-model-and-trace',
      '^src/replay/',
      ['^src/(replay|model|trace|errors)/', '^machines/'],
      ['xstate', 'zod'],
    ),
    only('causes-use-replay', '^src/causes/', ['^src/(causes|replay|model|trace|errors)/', '^machines/'], ['xstate']),
    only(
      'diagrams-draw-machines',
      '^src/diagrams/',
      ['^src/(diagrams|model|trace)/', '^machines/'],
      ['xstate', 'elkjs'],
    ),
    only(
      'effects-use-the-leaves',
      '^src/effects/',
      ['^src/(effects|protocol|package|images|store|trace|files|os|errors)/', '^machines/'],
      ['xstate', 'pino'],
    ),
    only(
      'runner-uses-effects',
      '^src/runner/',
      [
        '^src/(runner|effects|protocol|package|workers|images|store|trace|os|model|replay|causes|files|json|errors)/',
        '^machines/',
      ],
      ['xstate', 'zod', 'pino', 'tar-stream', '@types/tar-stream'],
    ),
    // The errors and the version stand alone: help and version print without the rest of the library.
    only(
      'cli-uses-the-library',
      '^src/cli/',
      ['^src/cli/', '^src/index\\.ts$', '^src/errors/index\\.ts$', '^src/runner/version\\.ts$'],
      ['commander', 'picocolors'],
    ),
    {
      name: 'nothing-imports-a-face',
      severity: 'error',
      from: { path: '^(machines|src/(?!cli/))' },
      to: { path: '^src/(cli|http)/' },
    },
    {
      name: 'nothing-imports-tests-or-tools',
      severity: 'error',
      from: { path: '^(machines|src)/' },
      to: { path: '^(test|scripts|bench|examples)/' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^(machines|src)/' }, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^(machines|src)/' }, to: {} },
  ],
  options: {
    tsConfig: { fileName: require('node:path').resolve(__dirname, 'src/tsconfig.json') },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
