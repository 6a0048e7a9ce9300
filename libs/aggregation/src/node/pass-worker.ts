import { parentPort } from 'node:worker_threads';
import { type WorkerReply, type WorkerRequest } from './pass-task';
import { runShare } from './run-share';
import { PassAborted } from './step-barrier';

/** Entry of a worker thread: runs its share of each pass it is sent. */
parentPort?.on('message', ({ task, self }: WorkerRequest) => {
  parentPort?.postMessage(answer(task, self));
});

function answer(task: WorkerRequest['task'], self: number): WorkerReply {
  try {
    return { kind: 'done', share: runShare(task, self) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, isEcho: error instanceof PassAborted };
  }
}
