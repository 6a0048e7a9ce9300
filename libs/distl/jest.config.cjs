module.exports = { ...require('../../jest.preset.cjs'), displayName: 'distl', rootDir: __dirname };
