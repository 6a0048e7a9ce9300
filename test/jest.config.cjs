module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'e2e',
  rootDir: __dirname,
  testMatch: ['<rootDir>/e2e/**/*.spec.ts'],
  // Specs start compiled services: they are compiled once, before the first spec, and by nobody else meanwhile.
  globalSetup: '<rootDir>/support/compile-once.cjs',
};
