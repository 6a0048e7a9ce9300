import { DomainError, JsonError, parseJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { type StudyPlan, studyPlanSchema } from '@fedistl/protocol';

/** @throws DomainError `COMMAND.PLAN` naming the file, and the first members that are wrong or where it is no JSON; FileError */
export async function readPlan(file: string): Promise<StudyPlan> {
  const result = studyPlanSchema.safeParse(parsed(file, await readTextFile(file)));
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new DomainError('COMMAND.PLAN', `${file}: ${issues.join('; ')}`);
}

/** People edit plans by hand: a comma too many is found by its place. */
function parsed(file: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    const place = cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
    throw new DomainError('COMMAND.PLAN', `${file}: ${cause.message}${place}`, { cause });
  }
}
