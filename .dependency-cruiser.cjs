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
    only('base-knows-only-machines', '^src/base/', ['^src/base/', '^machines/'], ['piscina']),
    only('platform-is-a-leaf', '^src/platform/', ['^src/platform/'], ['execa']),
    only('protocol-is-a-leaf', '^src/protocol/', ['^src/(protocol|base)/', '^machines/'], ['zod']),
    only(
      'package-is-a-leaf',
      '^src/package/',
      ['^src/(package|platform|base)/', '^machines/'],
      ['zod', 'yauzl', '@types/yauzl', 'yazl', '@types/yazl', 'ajv', 're2js', 'ignore'],
    ),
    only('images-is-a-leaf', '^src/images/', ['^src/(images|platform|base)/', '^machines/'], ['sharp', '@img']),
    only('store-is-a-leaf', '^src/store/', ['^src/(store|platform|base)/', '^machines/'], ['zod']),
    only('trace-is-a-leaf', '^src/trace/', ['^src/(trace|base)/', '^machines/'], ['xstate', 'zod']),
    only('stepping-steps-machines', '^src/stepping/', ['^src/stepping/', '^machines/'], ['xstate']),
    only(
      'replay-steps-what-a-trace-holds',
      '^src/replay/',
      ['^src/(replay|stepping|trace|base)/', '^machines/'],
      ['xstate', 'zod'],
    ),
    only('causes-use-replay', '^src/causes/', ['^src/(causes|replay|stepping|trace|base)/', '^machines/'], ['xstate']),
    only(
      'diagrams-draw-machines',
      '^src/diagrams/',
      ['^src/(diagrams|stepping|trace)/', '^machines/'],
      ['xstate', 'elkjs'],
    ),
    only(
      'effects-use-the-leaves',
      '^src/effects/',
      ['^src/(effects|protocol|package|images|store|trace|platform|base)/', '^machines/'],
      ['xstate', 'pino'],
    ),
    only(
      'runner-uses-effects',
      '^src/runner/',
      ['^src/(runner|effects|protocol|package|images|store|trace|stepping|replay|causes|platform|base)/', '^machines/'],
      ['xstate', 'zod', 'pino', 'tar-stream', '@types/tar-stream'],
    ),
    only('testing-steps-machines', '^src/testing/', ['^src/(testing|stepping)/', '^machines/'], ['xstate']),
    only(
      'api-is-what-faces-use',
      '^src/api/',
      [
        '^src/(api|runner|effects|protocol|package|images|store|trace|stepping|replay|causes|diagrams|platform|base)/',
        '^machines/',
      ],
      ['zod'],
    ),
    // The errors and the version stand alone: help and version print without the rest of the library.
    only(
      'cli-uses-the-api',
      '^src/cli/',
      ['^src/cli/', '^src/api/', '^src/base/(errors|json)/index\\.ts$', '^src/runner/version\\.ts$'],
      ['commander', 'picocolors'],
    ),
    {
      name: 'only-faces-use-the-api',
      severity: 'error',
      from: { path: '^(machines|src/(?!(api|cli|index)))' },
      to: { path: '^src/api/' },
    },
    {
      name: 'nothing-imports-testing',
      severity: 'error',
      from: { path: '^(machines|src/(?!testing/))' },
      to: { path: '^src/testing/' },
    },
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
