import { ComputeError } from './compute.errors';
import { type tf } from './tf';

export type Dtype = 'float32' | 'int32';
export type HostArray = Float32Array | Int32Array;

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32 when absent. */
  readonly dtype?: Dtype;
}

/** Tensors by name; asking for one that is not there is an error that lists those that are. */
export class NamedTensors {
  constructor(private readonly tensors: ReadonlyMap<string, tf.Tensor>) {}

  get(name: string): tf.Tensor {
    const tensor = this.tensors.get(name);
    if (tensor !== undefined) return tensor;
    throw new ComputeError(
      'COMPUTE.PROGRAM_INVALID',
      `the program asks for tensor "${name}", which is not declared; declared are ${[...this.tensors.keys()].slice(0, 20).join(', ')}`,
    );
  }
}

export interface ProgramResult {
  /** What a run returns. */
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  /** Next values of state tensors; those that are not named stay as they are. */
  readonly state?: ReadonlyMap<string, tf.Tensor>;
}

/**
 * A computation on tensors of fixed shapes, written once in TensorFlow.js operations.
 *
 * `body` must be a pure function: an engine that compiles calls it once, with tensors that have no numbers yet; an eager
 * engine calls it at every run. Randomness comes in through inputs.
 */
export interface Program {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  /** Names of the state tensors that the program reads or writes; their shapes are those of the bound `State`. */
  readonly state?: readonly string[];
  readonly body: (inputs: NamedTensors, state: NamedTensors) => ProgramResult;
}

export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: HostArray;
}

/** A program made ready to run on an engine. */
export interface Executable {
  readonly program: string;
  /** Milliseconds that tracing, optimising and loading took. */
  readonly compileMs: number;
  /**
   * Runs once: reads the bound state, writes its next values, returns the outputs.
   *
   * @param inputs numbers in row-major order, one array for each declared input
   */
  run(inputs: Readonly<Record<string, HostArray>>): Promise<ReadonlyMap<string, HostTensor>>;
  dispose(): Promise<void>;
}

/** Tensors that outlive a run (weights, moments, the centre), kept where the engine computes. */
export interface State {
  readonly specs: readonly TensorSpec[];
  /** Copies of the current values; of all tensors when no names are given. */
  read(names?: readonly string[]): Promise<Map<string, Float32Array>>;
  /** Replaces the values of the named tensors. */
  write(values: ReadonlyMap<string, Float32Array>): Promise<void>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: EngineName;
  /** `cpu`, `webgpu` or `cuda` for onnxruntime; the TensorFlow.js backend otherwise. */
  readonly provider: string;
  /** Zeros in the given shapes. */
  createState(specs: readonly TensorSpec[]): Promise<State>;
  compile(program: Program, state?: State): Promise<Executable>;
  dispose(): Promise<void>;
}

export const ENGINE_NAMES = ['onnxruntime', 'tensorflow', 'wasm', 'js'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;
export type Provider = (typeof PROVIDERS)[number];
