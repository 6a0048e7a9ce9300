import { parentPort, workerData } from 'node:worker_threads';

import { type PhantomWorkerData, type PhantomWorkerMessage } from './phantom-worker-messages';
import { writePhantomFile } from './write-phantom-file';

// Entry of a worker thread: writes its share of a set's files, one after the other, and says so after each.
const { folder, plan, options } = workerData as PhantomWorkerData;
const tell = (message: PhantomWorkerMessage): void => {
  parentPort?.postMessage(message);
};

async function run(): Promise<void> {
  for (const planned of plan) {
    await writePhantomFile(folder, planned, options);
    tell({ type: 'written' });
  }
  tell({ type: 'finished' });
}

run().catch((error: unknown) => {
  tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
});
