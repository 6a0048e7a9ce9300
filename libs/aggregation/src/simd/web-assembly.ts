/** The part of the WebAssembly JavaScript API that we use; neither ES2023 nor Node's types declare it, only the DOM's do. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

export type WasmExports = Readonly<Record<string, (...numbers: number[]) => void>>;

interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: WasmExports };
}

const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

export const pageBytes = 65_536;

/** Shared memory of at least `bytes` bytes that does not grow. */
export function createSharedMemory(bytes: number): SharedMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new api.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Compiles a module and gives it the memory. */
export function instantiate(module: Uint8Array<ArrayBuffer>, memory: SharedMemory): WasmExports {
  return new api.Instance(new api.Module(module), { env: { memory } }).exports;
}
