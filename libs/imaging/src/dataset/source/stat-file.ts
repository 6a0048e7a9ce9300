import { statSync, type Stats } from 'node:fs';

/** Facts about a file, links followed; null when the operating system refuses, or there is none. */
export function statFile(file: string): Stats | null {
  try {
    return statSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
