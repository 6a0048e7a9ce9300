import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded/start-embedded-postgres';

export interface TestServer {
  readonly url: string;
  readonly directory: string;
}

const directoryOfProcess = (): string => join(tmpdir(), `fedistl-test-postgres-${process.pid}`);

/**
 * A PostgreSQL server without fsync for the specs of this process; the first call starts it, later ones (other spec files of
 * the same jest worker) find it. A guard of its own ends it and deletes its data once this process is gone, however it went.
 */
export async function throwAwayServer(): Promise<TestServer> {
  const directory = directoryOfProcess();
  const note = join(directory, 'guarded');
  // A directory that another process of our number left is not guarded by a living guard for us: it was deleted.
  await mkdir(directory, { recursive: true });
  // The server's account enters it when we are root; the password inside stays ours.
  await chmod(directory, 0o711);
  const server = await startEmbeddedPostgres({ directory, durable: false });
  if (!existsSync(note)) {
    await writeFile(note, String(process.pid));
    guard(directory);
  }
  return { url: server.url, directory };
}

/** Stops the server, which cuts every connection, and starts it again on the same port. */
export async function restartServer(): Promise<void> {
  const server = await startEmbeddedPostgres({ directory: directoryOfProcess(), durable: false });
  await server.stop();
  await startEmbeddedPostgres({ directory: directoryOfProcess(), durable: false, port: server.port });
}

function guard(directory: string): void {
  const script = `
    while kill -0 "$1" 2>/dev/null; do sleep 1; done
    server=$(head -n 1 "$2/data/postmaster.pid" 2>/dev/null)
    if [ -n "$server" ]; then
      kill -INT "$server" 2>/dev/null
      while kill -0 "$server" 2>/dev/null; do sleep 0.2; done
    fi
    rm -rf "$2"`;
  const child = spawn('sh', ['-c', script, 'sh', String(process.pid), directory], { detached: true, stdio: 'ignore' });
  child.unref();
}
