/**
 * The one place where fedistl imports TensorFlow.js. Everything else takes `tf` from here, so that a single copy of the
 * library (one engine, one kernel registry) serves the whole process.
 */
import * as tf from '@tensorflow/tfjs';

// Leaves out the NaN check after every operation (checkInputs and the trainer look at what matters) and the notice that
// advises installing tfjs-node; `fedistl doctor` gives that advice with the facts of this machine.
tf.enableProdMode();

export { tf };
