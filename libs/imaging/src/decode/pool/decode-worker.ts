import { parentPort } from 'node:worker_threads';
import { renderRadiograph } from '../../radiograph/render-radiograph';
import { decodeBytes } from '../decode-bytes';
import { type DecodedFile } from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { resolveLimits } from '../limits';
import { readImageFile } from './read-source';
import { type ClonedFacts, type DecodeJob, type WorkerMessage } from './worker-messages';

/* Entry of a decoding thread: takes one job at a time from its parent and answers it. */

interface Reply {
  readonly message: WorkerMessage;
  /** Memory that moves to the parent instead of being copied. */
  readonly transfer: readonly ArrayBuffer[];
}

async function answer({ source, options, radiograph }: DecodeJob): Promise<Reply> {
  const bytes =
    'bytes' in source ? source.bytes : readImageFile(source.path, resolveLimits(options.limits).maxFileBytes);
  const decoded = await decodeBytes(bytes, options);
  const facts = clonable(decoded);
  if (radiograph !== null) {
    const { image, greyOrigin } = renderRadiograph(decoded, radiograph);
    return { message: { type: 'radiograph', facts, image, greyOrigin }, transfer: whole(image.pixels) };
  }
  return { message: { type: 'stored', facts, stored: decoded.stored }, transfer: whole(decoded.stored.values) };
}

/** An array's memory, if the array spans all of it. */
function whole({ buffer, byteLength }: NodeJS.TypedArray): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

function clonable(decoded: DecodedFile): ClonedFacts {
  const { patientId, ...header } = decoded.header;
  const facts: ClonedFacts & { stored?: unknown } = { ...decoded, header, patientId: patientId?.reveal() ?? null };
  delete facts.stored;
  return facts;
}

function refusal(error: unknown): Reply {
  const known = error instanceof DecodeError ? error : new DecodeError('IMAGING.UNEXPECTED', 'the decoder failed');
  return { message: { type: 'refused', code: known.code, message: known.message }, transfer: [] };
}

const port = parentPort;
port?.on('message', (job: DecodeJob) => {
  void answer(job)
    .catch(refusal)
    .then(({ message, transfer }) => {
      port.postMessage(message, [...transfer]);
    });
});
port?.postMessage({ type: 'ready' } satisfies WorkerMessage);
