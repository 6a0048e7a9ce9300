import { defaultDataDirectory } from '@fedistl/imaging';

/** Options that every data set command has. */
export interface DataDirFlag {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** The data directory of a command. */
export function dataDirectoryOf({ dataDir }: DataDirFlag): string {
  return dataDir ?? defaultDataDirectory();
}
