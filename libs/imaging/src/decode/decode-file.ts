import { type DecodedFile, type DecodeOptions, type RadiographFile } from './decoded-file';
import { DecodePool, type RadiographRequest } from './pool/decode-pool';

let sharedPool: DecodePool | undefined;

/** The pool of this process, for callers that bring none. Its threads start on first use and never hold the process up. */
function defaultPool(): DecodePool {
  sharedPool ??= new DecodePool();
  return sharedPool;
}

/**
 * Decodes a DICOM, PNG or JPEG file in a worker thread.
 *
 * @throws DecodeError with the reason; see docs/errors/imaging.md
 */
export function decodeFile(
  path: string,
  options: DecodeOptions & { readonly pool?: DecodePool } = {},
): Promise<DecodedFile> {
  const { pool = defaultPool(), ...decode } = options;
  return pool.decode(path, decode);
}

/** Decodes a file and renders it to the square grey image that training reads, all in a worker thread. @throws DecodeError */
export function decodeRadiograph(
  path: string,
  request: RadiographRequest & { readonly pool?: DecodePool } = {},
): Promise<RadiographFile> {
  const { pool = defaultPool(), ...rest } = request;
  return pool.radiograph(path, rest);
}
