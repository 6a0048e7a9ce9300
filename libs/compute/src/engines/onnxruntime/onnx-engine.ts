import { InferenceSession } from 'onnxruntime-node';
import { ComputeError } from '../../compute.errors';
import { encodeOnnx } from '../../onnx/encode';
import { type Engine, type Program, type Provider, type State, type TensorSpec } from '../../program';
import { Graph } from '../../trace/graph';
import { graphNames, record, type Recording } from '../../trace/record';
import { DeviceState } from './device-state';
import { HostState, type OnnxState } from './host-state';
import { OnnxExecutable, reason } from './onnx-executable';
import { type OnnxEngineOptions, sessionOptions } from './options';
import { SessionHandle } from './session-handle';

/** Traces programs to ONNX and runs them with onnxruntime-node. */
export class OnnxEngine implements Engine {
  readonly name = 'onnxruntime';
  readonly provider: Provider;

  constructor(private readonly options: OnnxEngineOptions = {}) {
    this.provider = options.provider ?? 'cpu';
    sessionOptions(options); // refuses bad options now rather than at the first program
  }

  createState(specs: readonly TensorSpec[]): Promise<OnnxState> {
    if (!this.keepsStateOnDevice) return Promise.resolve(new HostState(specs));
    return DeviceState.create(specs, (copied, to) => this.copySession(copied, to));
  }

  async compile(program: Program, state?: State): Promise<OnnxExecutable> {
    if (state !== undefined && !(state instanceof HostState || state instanceof DeviceState)) {
      throw new ComputeError(
        'COMPUTE.PROGRAM_INVALID',
        `program ${program.name}: the state was made by another engine`,
      );
    }
    const started = performance.now();
    const recording = record(program, state?.specs ?? []);
    const { bytes } = encodeOnnx(recording);
    const deviceOutputs = this.keepsStateOnDevice ? recording.nextState.map(({ name }) => graphNames.next(name)) : [];
    const handle = await this.load(bytes, sessionOptions(this.options, deviceOutputs), program.name);
    return new OnnxExecutable(program, recording, handle, state, performance.now() - started);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  /** Only WebGPU's buffers can be held by JavaScript; the CUDA provider copies state through host memory. */
  private get keepsStateOnDevice(): boolean {
    return this.provider === 'webgpu';
  }

  private async load(
    bytes: Uint8Array,
    options: InferenceSession.SessionOptions,
    what: string,
  ): Promise<SessionHandle> {
    try {
      return new SessionHandle(await InferenceSession.create(bytes, options));
    } catch (cause) {
      throw new ComputeError(
        'COMPUTE.ENGINE_FAILED',
        `onnxruntime (${this.provider}) could not load program ${what}: ${reason(cause)}`,
        { cause },
      );
    }
  }

  private copySession(specs: readonly TensorSpec[], to: 'device' | 'host'): Promise<SessionHandle> {
    const graph = new Graph();
    const inputs = specs.map(({ name, shape }) => graph.input(name, shape, 'float32'));
    const outputs = inputs.map((value) => ({ name: value.name, value }));
    const recording: Recording = { name: 'copy', graph, inputs, state: [], outputs, nextState: [] };
    const { bytes } = encodeOnnx(recording);
    const kept = to === 'device' ? outputs.map(({ name }) => graphNames.output(name)) : [];
    return this.load(bytes, sessionOptions(this.options, kept), 'copy');
  }
}
