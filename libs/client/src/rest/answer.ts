import { parseJson } from '@fedistl/core';
import { errorBodySchema } from '@fedistl/protocol';
import { type z } from 'zod';
import { ClientError, RefusedError } from '../client.errors';

/** Longest JSON answer, in bytes: a list of some ten thousand rows; anything larger is no answer of ours. */
const LONGEST_ANSWER = 32 * 2 ** 20;

/** The part of a `Response` that reading an answer needs. */
export interface AnswerHead {
  readonly status: number;
  header(name: string): string | null;
}

/**
 * The parsed body of a successful answer.
 *
 * @param what the call, for messages: `GET /site`
 * @throws ClientError `CLIENT.UNEXPECTED_ANSWER` when the body is not what the schema says
 */
export function parseAnswer<S extends z.ZodType>(schema: S, text: string, what: string): z.infer<S> {
  const result = schema.safeParse(jsonOf(text, what));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new ClientError(
    'CLIENT.UNEXPECTED_ANSWER',
    `${what}: expected another answer: ${issues.slice(0, 5).join('; ')}`,
    {
      details: { issues },
    },
  );
}

/** The refusal in an answer of status 400 and above; a proxy's own page becomes `CLIENT.UNAVAILABLE` or `CLIENT.UNEXPECTED_ANSWER`. */
export function refusalOf(head: AnswerHead, text: string, what: string): ClientError | RefusedError {
  const { status } = head;
  if (status >= 300 && status < 400) {
    return new ClientError(
      'CLIENT.REDIRECTED',
      `${what}: expected an answer, got a redirection; give the final address`,
    );
  }
  const body = bodyOf(text);
  if (body === undefined) {
    const code = [502, 503, 504].includes(status) ? 'CLIENT.UNAVAILABLE' : 'CLIENT.UNEXPECTED_ANSWER';
    return new ClientError(code, `${what}: expected an answer of a fedistl coordinator, got HTTP ${status}`, {
      details: { status },
    });
  }
  const retryAfterSeconds = Number(head.header('retry-after') ?? 'none');
  return new RefusedError(body.code, body.message, {
    status,
    correlationId: body.correlationId,
    ...(Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds } : {}),
  });
}

function bodyOf(text: string): { code: string; message: string; correlationId: string } | undefined {
  try {
    return errorBodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Not JSON: a page of some proxy.
  }
}

function jsonOf(text: string, what: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new ClientError(
      'CLIENT.UNEXPECTED_ANSWER',
      `${what}: expected JSON, got ${text.length} characters of something else`,
      {
        cause,
      },
    );
  }
}

/** Text of a body that may be of any length. @throws ClientError `CLIENT.ANSWER_TOO_LARGE` */
export async function readBounded(response: Response, what: string): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > LONGEST_ANSWER) {
      await reader.cancel();
      throw new ClientError('CLIENT.ANSWER_TOO_LARGE', `${what}: expected at most ${LONGEST_ANSWER} bytes, got more`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
