/**
 * The one place where fedistl imports TensorFlow.js. Everything else takes `tf` from here, so that a single copy of the
 * library (one engine, one kernel registry) serves the whole process.
 */
import * as tf from '@tensorflow/tfjs';

export { tf };
