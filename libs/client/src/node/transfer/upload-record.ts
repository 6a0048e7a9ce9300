import { readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { z } from 'zod';

/** Where an upload goes on after this process was killed. */
const uploadRecordSchema = z.strictObject({
  /** Path of the tus resource on the coordinator. */
  path: z.string().startsWith('/'),
  hash: z.string(),
  byteLength: z.int(),
});

export type UploadRecord = z.infer<typeof uploadRecordSchema>;

/** The record in a file, or null when there is none, or one of another blob, or one that cannot be read: then the upload starts anew. */
export async function readUploadRecord(file: string, hash: string): Promise<UploadRecord | null> {
  let text: string;
  try {
    text = await readTextFile(file, { maxBytes: 65_536 });
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'FILE.NOT_FOUND') return null;
    throw error;
  }
  const parsed = uploadRecordSchema.safeParse(jsonOrNull(text));
  return parsed.success && parsed.data.hash === hash ? parsed.data : null;
}

export async function writeUploadRecord(file: string, record: UploadRecord): Promise<void> {
  await writeFileAtomic(file, [Buffer.from(`${JSON.stringify(record)}\n`)]);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
