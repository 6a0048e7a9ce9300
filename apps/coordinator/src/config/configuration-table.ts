import { type z } from 'zod';
import { environmentSchema, secretVariables, type VariableName } from './environment.schema';

/** The rows of the table in docs/operations.md: variable, default, meaning. */
export function configurationTable(): string[] {
  return Object.entries<z.ZodType>(environmentSchema.shape).map(([name, schema]) => {
    const bare = schema.safeParse(undefined);
    const fallback = bare.success && bare.data !== undefined ? `\`${shownDefault(schema, bare.data)}\`` : '';
    const file = secretVariables.includes(name as VariableName) ? ` or \`${name}_FILE\`` : '';
    return `| \`${name}\`${file} | ${fallback} | ${schema.description ?? ''} |`;
  });
}

/** A default as one writes it: `2GiB`, not 2147483648. */
function shownDefault(schema: z.ZodType, parsed: unknown): string {
  const { defaultValue } = schema.def as { defaultValue?: unknown };
  return String(defaultValue ?? parsed);
}
