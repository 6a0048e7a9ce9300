import { z } from 'zod';

/** The issue's message is what was expected; `readConfig` adds the variable's name and what was got. */
export function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  const expected = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

const unit: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** `1048576`, `64MiB`, `2GiB`: a number of bytes. */
export function byteCount(least: number): z.ZodType<number, string> {
  const expected = `a number of bytes of at least ${least}, such as 1048576, 64MiB or 2GiB`;
  return z.string().transform((text, context) => {
    const [, digits = '', name = ''] = /^([0-9]{1,12})(|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
    const bytes = Number(digits) * (unit[name] ?? Number.NaN);
    if (digits !== '' && Number.isSafeInteger(bytes) && bytes >= least) return bytes;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** An http or https URL without a path, as the outside world calls the coordinator. */
export function originUrl(): z.ZodType<string, string> {
  return z.string().transform((text, context) => {
    try {
      const url = new URL(text);
      if (/^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '') {
        return url.origin;
      }
    } catch {
      // Not a URL: refused below like one of another kind.
    }
    context.addIssue({
      code: 'custom',
      message: 'an http or https URL without a path, such as https://fedistl.example.org',
    });
    return z.NEVER;
  });
}

export function text(expected: string, pattern: RegExp): z.ZodType<string, string> {
  return z.string().regex(pattern, expected);
}
