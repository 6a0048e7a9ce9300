module.exports = { ...require('../../jest.preset.cjs'), displayName: 'imaging', rootDir: __dirname };
