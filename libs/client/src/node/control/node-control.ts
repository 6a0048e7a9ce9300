import path from 'node:path';
import { FileError, readTextFile } from '@fedistl/core/node';
import { z } from 'zod';
import { ClientError } from '../../client.errors';
import { parseAnswer, readBounded, refusalOf } from '../../rest/answer';
import {
  controlFileSchema,
  type EgressAnswer,
  egressAnswerSchema,
  type NodeStatus,
  nodeStatusSchema,
} from './node-status.schema';

const doneSchema = z.object({ paused: z.string().nullable() });

/** Talks to the node of a data directory on this machine, with the token that lies there for its owner alone. */
export class NodeControl {
  private constructor(
    private readonly directory: string,
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @throws ClientError `CLIENT.NODE_NOT_RUNNING`; FileError */
  static async open(directory: string): Promise<NodeControl> {
    const text = await readTextFile(path.join(directory, 'control.json'), { maxBytes: 4096 }).catch(
      (error: unknown) => {
        if (error instanceof FileError && error.code === 'FILE.NOT_FOUND') throw notRunning(directory, error);
        throw error;
      },
    );
    const { url } = parseAnswer(controlFileSchema, text, 'control.json');
    const token = await readTextFile(path.join(directory, 'control.token'), { maxBytes: 4096 });
    return new NodeControl(directory, url, token.trim());
  }

  /** Address of the local page with the token in its fragment, which is never sent; for a person's browser. */
  get pageAddress(): string {
    return `${this.url}/#token=${this.token}`;
  }

  status(): Promise<NodeStatus> {
    return this.#call('GET', '/status', nodeStatusSchema);
  }

  /** What left the hospital, the newest first. */
  egress(): Promise<EgressAnswer> {
    return this.#call('GET', '/egress', egressAnswerSchema);
  }

  /** The round at hand is ended; no new one is begun. */
  pause(reason: string): Promise<{ paused: string | null }> {
    return this.#call('POST', '/pause', doneSchema, { reason });
  }

  resume(): Promise<{ paused: string | null }> {
    return this.#call('POST', '/resume', doneSchema, {});
  }

  async #call<S extends z.ZodType>(
    method: 'GET' | 'POST',
    where: string,
    answer: S,
    body?: unknown,
  ): Promise<z.infer<S>> {
    const what = `${method} ${where}`;
    let response: Response;
    try {
      response = await fetch(`${this.url}${where}`, {
        method,
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
        redirect: 'error',
      });
    } catch (cause) {
      throw notRunning(this.directory, cause);
    }
    const text = await readBounded(response, what);
    if (response.ok) return parseAnswer(answer, text, what);
    throw refusalOf({ status: response.status, header: (name) => response.headers.get(name) }, text, what);
  }
}

function notRunning(directory: string, cause: unknown): ClientError {
  const message = `expected a running node of the data directory ${directory}, got none`;
  return new ClientError('CLIENT.NODE_NOT_RUNNING', message, { cause });
}
