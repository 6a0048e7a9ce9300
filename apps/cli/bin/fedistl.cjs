#!/usr/bin/env node
require('./ensure-built.cjs').ensureBuilt(process.argv[2]);
require('../dist/main.js');
