/** A process of its own that imports a folder and prints a line for every image: what the kill test kills. */
import { importDataSet } from '../import/import-dataset';

const [dataDirectory = '', source = ''] = process.argv.slice(2);
const print = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

importDataSet({
  dataDirectory,
  source,
  name: 'set',
  pixels: { size: 24 },
  batchImages: 5,
  workers: 1,
  onProgress: ({ done }) => print(done),
}).then(
  ({ thisImport }) => print(thisImport),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
  },
);
