import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What each project may import (docs/architecture.md). Anything not listed is an error. */
const allowed = {
  'lib:core': [],
  'lib:crypto': ['core'],
  'lib:privacy': ['core'],
  'lib:evaluation': ['core'],
  'lib:imaging': ['core'],
  'lib:compute': ['core'],
  'lib:protocol': ['core', 'crypto'],
  'lib:vit': ['core', 'compute'],
  'lib:aggregation': ['core', 'crypto', 'protocol', 'privacy'],
  'lib:distl': ['core', 'protocol', 'compute', 'vit', 'imaging', 'evaluation', 'aggregation'],
  'lib:client': ['core', 'crypto', 'protocol'],
  'lib:persistence': ['core', 'crypto', 'protocol', 'aggregation', 'privacy'],
  'app:coordinator': ['core', 'crypto', 'protocol', 'aggregation', 'privacy', 'evaluation', 'persistence'],
  'app:console': ['core', 'protocol', 'client'],
  'app:node': [
    'core',
    'crypto',
    'privacy',
    'evaluation',
    'imaging',
    'compute',
    'protocol',
    'client',
    'vit',
    'aggregation',
    'distl',
  ],
  'app:cli': [
    'core',
    'crypto',
    'privacy',
    'evaluation',
    'imaging',
    'compute',
    'protocol',
    'client',
    'vit',
    'aggregation',
    'distl',
  ],
};

/** Libraries that run in a browser too: nothing of Node outside their `src/node` folder. */
const browserSafe = ['core', 'crypto', 'protocol', 'client', 'evaluation', 'aggregation', 'privacy'];

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '**/coverage', '.nx', 'tmp'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          depConstraints: [
            ...Object.entries(allowed).map(([sourceTag, libs]) => ({
              sourceTag,
              onlyDependOnLibsWithTags: libs.length > 0 ? libs.map((name) => `lib:${name}`) : ['none'],
            })),
            // End-to-end tests start everything.
            { sourceTag: 'e2e', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Asks for `!`, which the rule above forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: browserSafe.map((name) => `libs/${name}/src/**/*.ts`),
    ignores: ['libs/*/src/node/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*'], message: 'This library also runs in a browser; put Node code in src/node.' }],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // A test that skips says so.
      'no-console': ['error', { allow: ['warn'] }],
    },
  },
  {
    // Benches and the command print; that is their work.
    files: ['apps/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  prettier,
);
