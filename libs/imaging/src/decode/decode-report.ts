import { type FileFacts } from './decoded-file';

/** What `fedistl dataset decode` prints: geometry, encoding and hashes, and nothing that could tell who the patient is. */
export interface DecodeReport {
  readonly format: string;
  readonly transferSyntax: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly framesDecoded: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometricInterpretation: string;
  readonly storedSha256: string;
  readonly fileSha256: string;
  readonly warnings: readonly string[];
}

/** Picks the fields by name, so that a field added to the facts later is not printed by accident. */
export function decodeReport(facts: FileFacts): DecodeReport {
  return {
    format: facts.format,
    transferSyntax: facts.transferSyntax,
    rows: facts.rows,
    columns: facts.columns,
    frames: facts.framesInFile,
    framesDecoded: facts.framesDecoded,
    samplesPerPixel: facts.samplesPerPixel,
    bitsAllocated: facts.bitsAllocated,
    bitsStored: facts.bitsStored,
    signed: facts.signed,
    photometricInterpretation: facts.photometricInterpretation,
    storedSha256: facts.storedSha256,
    fileSha256: facts.fileSha256,
    warnings: facts.warnings,
  };
}
