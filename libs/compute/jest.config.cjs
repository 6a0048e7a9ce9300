module.exports = { ...require('../../jest.preset.cjs'), displayName: 'compute', rootDir: __dirname };
