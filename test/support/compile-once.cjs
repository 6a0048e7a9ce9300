const { ensureBuilt } = require('../../apps/cli/bin/ensure-built.cjs');

/** jest's global set-up of the end-to-end tests: command, coordinator and node, compiled when sources changed. */
module.exports = () => {
  ensureBuilt('demo');
};
