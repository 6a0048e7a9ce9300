const { TestEnvironment } = require('jest-environment-node');

/**
 * jest runs specs in a context with typed arrays of its own; native addons (onnxruntime) check against those of the
 * process. This environment shares the process' types, as in production.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of [
      'Float32Array',
      'Float64Array',
      'Int8Array',
      'Int16Array',
      'Int32Array',
      'Uint8Array',
      'Uint8ClampedArray',
      'Uint16Array',
      'Uint32Array',
      'BigInt64Array',
      'BigUint64Array',
      'ArrayBuffer',
      'SharedArrayBuffer',
      'DataView',
    ]) {
      this.global[name] = globalThis[name];
    }
  }
};
