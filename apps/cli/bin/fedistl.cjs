#!/usr/bin/env node
require('./ensure-built.cjs').ensureBuilt();
require('../dist/main.js');
