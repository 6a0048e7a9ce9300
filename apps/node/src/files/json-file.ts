import { parseJson } from '@fedistl/core';
import { FileError, readTextFile, writeFileAtomic } from '@fedistl/core/node';
import { type z } from 'zod';
import { NodeError } from '../node.errors';

/**
 * A JSON file as its schema reads it, or null when there is none.
 *
 * @param what the file, for the message: `policy`
 * @throws NodeError `NODE.BAD_FILE` naming each member that is wrong; FileError; JsonError
 */
export async function readJsonFile<S extends z.ZodType>(
  schema: S,
  file: string,
  what: string,
): Promise<z.infer<S> | null> {
  let text: string;
  try {
    text = await readTextFile(file);
  } catch (error) {
    if (error instanceof FileError && error.code === 'FILE.NOT_FOUND') return null;
    throw error;
  }
  const result = schema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  throw new NodeError('NODE.BAD_FILE', `expected a valid ${what} file, got: ${issues.slice(0, 5).join('; ')}`, {
    details: { file, issues },
  });
}

/** Writes a JSON file whole or not at all, and durably. */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await writeFileAtomic(file, [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)]);
}
