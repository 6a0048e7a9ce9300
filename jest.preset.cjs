/** Shared by every project: sources are read through the '@fedistl/source' export condition, so tests need no build. */
module.exports = {
  testEnvironment: require.resolve('./test/support/jest-environment.cjs'),
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
  testEnvironmentOptions: {
    customExportConditions: ['@fedistl/source', 'node', 'require', 'default'],
    // TensorFlow.js keeps its engine on the global object across spec files; jest's clean-up would warn at every access.
    globalsCleanup: 'off',
  },
  // Reading a global inside jest's context goes through an interceptor; numeric code reads Math in its inner loops.
  sandboxInjectedGlobals: ['Math'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
