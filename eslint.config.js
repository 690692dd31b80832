import tseslint from 'typescript-eslint';

const clocksAndChance = [
  ['Date', 'Time in a machine is an event or a named delay.'],
  ['performance', 'Time in a machine is an event or a named delay.'],
  ['setTimeout', 'Time in a machine is a named delay.'],
  ['setInterval', 'Time in a machine is a named delay.'],
  ['crypto', 'Randomness reaches a machine only as data.'],
].map(([name, message]) => ({ name, message }));

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'runtime_store/**', 'demo-output/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['machines/tsconfig.json', 'src/tsconfig.json', 'scripts/tsconfig.json', 'test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['machines/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...clocksAndChance],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness reaches a machine only as data.' },
      ],
    },
  },
  {
    files: ['scripts/**', 'bench/**', 'examples/**', 'src/cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Assertion matchers and parsed JSON are untyped by nature.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.js', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
