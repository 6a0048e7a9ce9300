import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DecodeError } from '../decode.errors';
import { limitWasmMemory } from './wasm-memory-limit';

export type WasmCodecName = 'openjpeg' | 'charls' | 'openjph' | 'libjpeg-turbo';

/** Geometry as the codec reports it after decoding. */
export interface WasmFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}

export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): WasmFrameInfo;
  getInterleaveMode?(): number;
  delete(): void;
}

/** The part of an Emscripten module that is used: classes by name, and its memory. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly [className: string]: unknown;
}

/** The two parts of the global that are used; its full declarations come only with the types of a browser. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<CompiledWasm>;
  readonly Instance: new (module: CompiledWasm, imports: object) => object;
};
interface CompiledWasm {
  readonly [Symbol.toStringTag]: string;
}

interface ModuleOptions {
  readonly print: () => void;
  readonly printErr: () => void;
  readonly instantiateWasm: (imports: object, done: (instance: object) => void) => object;
}

type ModuleFactory = (options: ModuleOptions) => Promise<WasmModule>;

interface CodecPackage {
  readonly script: string;
  readonly wasm: string;
}

const PACKAGES: Readonly<Record<WasmCodecName, CodecPackage>> = {
  openjpeg: { script: '@cornerstonejs/codec-openjpeg/wasmjs', wasm: '@cornerstonejs/codec-openjpeg/wasm' },
  charls: { script: '@cornerstonejs/codec-charls/wasmjs', wasm: '@cornerstonejs/codec-charls/wasm' },
  openjph: { script: '@cornerstonejs/codec-openjph/wasmjs', wasm: '@cornerstonejs/codec-openjph/wasm' },
  'libjpeg-turbo': {
    script: '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs',
    wasm: '@cornerstonejs/codec-libjpeg-turbo-8bit/wasm',
  },
};

/** Enough for OpenJPEG's 32-bit planes of a 256 MiB image: three times over at 10 bytes a pixel for a 43 cm detector. */
export const WASM_MEMORY_LIMIT = 1024 * 1024 * 1024;
/** A module whose memory has grown beyond this is dropped after the image: WebAssembly memory never shrinks. */
const RECYCLE_ABOVE = 192 * 1024 * 1024;

const load = createRequire(__filename);
const compiled = new Map<WasmCodecName, Promise<CompiledWasm>>();
const running = new Map<WasmCodecName, Promise<WasmModule>>();

async function compile(name: WasmCodecName): Promise<CompiledWasm> {
  const bytes = readFileSync(load.resolve(PACKAGES[name].wasm));
  return WebAssembly.compile(limitWasmMemory(bytes, WASM_MEMORY_LIMIT));
}

async function start(name: WasmCodecName): Promise<WasmModule> {
  let pending = compiled.get(name);
  if (pending === undefined) {
    pending = compile(name);
    compiled.set(name, pending);
  }
  const wasm = await pending;
  const factory: unknown = load(PACKAGES[name].script);
  if (!isFactory(factory))
    throw new DecodeError('IMAGING.OPTIONS', `expected codec ${name} to export a module factory`);
  const silent = (): void => undefined;
  return factory({
    print: silent,
    printErr: silent,
    instantiateWasm: (imports, done) => {
      done(new WebAssembly.Instance(wasm, imports));
      return {};
    },
  });
}

function isFactory(value: unknown): value is ModuleFactory {
  return typeof value === 'function';
}

/**
 * The running module of a codec, started on first use.
 *
 * `use` must be synchronous with respect to the module: nothing else may run in it meanwhile. When it throws, the module is
 * dropped, because a C++ exception or abort leaves its memory in an unknown state.
 *
 * @throws DecodeError IMAGING.CODESTREAM in place of whatever the codec threw
 */
export async function withWasmCodec<Result>(name: WasmCodecName, use: (module: WasmModule) => Result): Promise<Result> {
  let pending = running.get(name);
  if (pending === undefined) {
    pending = start(name);
    running.set(name, pending);
  }
  const module = await pending;
  try {
    const result = use(module);
    if (module.HEAPU8.length > RECYCLE_ABOVE) running.delete(name);
    return result;
  } catch (error) {
    running.delete(name);
    if (error instanceof DecodeError) throw error;
    throw new DecodeError('IMAGING.CODESTREAM', `${name} could not process the codestream`);
  }
}

/** Constructs a codec class of a module, such as 'J2KDecoder'; the caller knows its methods. */
export function construct(module: WasmModule, className: string): unknown {
  const Class = module[className];
  if (typeof Class !== 'function') throw new DecodeError('IMAGING.OPTIONS', `expected a codec class ${className}`);
  return Reflect.construct(Class, []);
}
