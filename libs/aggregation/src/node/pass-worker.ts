import { parentPort } from 'node:worker_threads';
import { type WorkerReply, type WorkerRequest } from './pass-task';
import { runShare } from './run-share';
import { PassAborted } from './step-barrier';

/** Entry of a worker thread: runs its share of each pass it is sent. */
parentPort?.on('message', (request: WorkerRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer(request: WorkerRequest): WorkerReply {
  if (request.kind === 'ping') return { kind: 'ready' };
  try {
    return { kind: 'done', share: runShare(request.task, request.self) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, isEcho: error instanceof PassAborted };
  }
}
