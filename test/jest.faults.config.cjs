/** `npm run test:faults`: slow, with processes that are killed. Not part of `npm test`. */
module.exports = {
  ...require('./jest.config.cjs'),
  displayName: 'faults',
  testMatch: ['<rootDir>/faults/**/*.spec.ts'],
  maxWorkers: 1,
  // Runs of the kill table side by side: one alone leaves a core idle half of the time.
  maxConcurrency: 2,
};
