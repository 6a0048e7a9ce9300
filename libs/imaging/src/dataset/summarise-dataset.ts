import { dataSetPaths } from './data-directory';
import { IndexDatabase } from './store/index-database';
import { type DataSetSummary, summarise } from './store/summary';

/** Counts of a set without opening its pixels; works on an unfinished import too. @throws DatasetError `DATASET.NOT_FOUND`. */
export function summariseDataSet(dataDirectory: string, name: string): DataSetSummary {
  const index = IndexDatabase.openExisting(dataSetPaths(dataDirectory, name).index, name);
  try {
    return summarise(index, name);
  } finally {
    index.close();
  }
}
