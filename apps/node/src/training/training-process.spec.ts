import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseSiteId, parseStudyId } from '@fedistl/core';
import { demoPlan } from '@fedistl/protocol';
import { runTrainingProcess } from './training-process';
import { type JobProgress, type TrainingJob } from './training-job';

const job: TrainingJob = {
  kind: 'evaluate',
  siteId: parseSiteId('a'),
  plan: demoPlan({ studyId: parseStudyId('s'), title: 't', finding: 'f', createdAt: '2026-01-01T00:00:00Z' }),
  dataDirectory: 'none',
  dataSet: 'none',
  positive: null,
  engine: { engine: 'js' },
  generation: 0,
  files: { candidate: 'none', reference: null },
};

describe('runTrainingProcess', () => {
  let directory: string;
  const progress: JobProgress[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fedistl-process-'));
    progress.length = 0;
  });

  afterEach(() => rm(directory, { recursive: true }));

  /** A real process with another program. */
  const run = async (program: string, signal = new AbortController().signal, onStarted = (): void => undefined) => {
    const entry = path.join(directory, 'program.js');
    await writeFile(entry, program);
    return runTrainingProcess({ job, directory, entry, signal, onStarted, onProgress: (p) => progress.push(p) });
  };

  it('passes progress and the result on', async () => {
    const result = await run(`
      const job = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
      process.send({ type: 'progress', step: 1, steps: 2, loss: null, imagesPerSecond: null, etaSeconds: 3 });
      process.send({ type: 'evaluated', metrics: { kind: job.kind } }, () => process.disconnect());
    `);
    expect(result).toEqual({ type: 'evaluated', metrics: { kind: 'evaluate' } });
    expect(progress).toEqual([{ step: 1, steps: 2, loss: null, imagesPerSecond: null, etaSeconds: 3 }]);
  });

  it('tells a death, which may be tried again, from a failure, which may not', async () => {
    await expect(run(`process.kill(process.pid, 'SIGKILL')`)).rejects.toMatchObject({
      code: 'NODE.TRAINING_DIED',
      message: expect.stringContaining('SIGKILL') as string,
    });
    await expect(run(`process.exit(7)`)).rejects.toMatchObject({ code: 'NODE.TRAINING_DIED' });
    const failed = `process.send({ type: 'failed', code: 'DISTL.NO_LABELS' }, () => process.exit(1))`;
    await expect(run(failed)).rejects.toMatchObject({
      code: 'NODE.TRAINING_FAILED',
      details: { code: 'DISTL.NO_LABELS' },
    });
  });

  it('lets a process that is stopped write its checkpoint', async () => {
    const stop = new AbortController();
    const stopped = run(
      `
      process.on('SIGTERM', () => {
        require('node:fs').writeFileSync(${JSON.stringify(path.join(directory, 'checkpoint'))}, 'x');
        process.send({ type: 'stopped' }, () => process.exit(0));
      });
      process.send({ type: 'progress', step: 1, steps: 2, loss: null, imagesPerSecond: null, etaSeconds: null });
      setInterval(() => {}, 1000);
    `,
      stop.signal,
    );
    const started = setInterval(() => {
      if (progress.length > 0) stop.abort();
    }, 10);
    await expect(stopped).rejects.toMatchObject({ code: 'NODE.STOPPED' });
    clearInterval(started);
    await expect(rm(path.join(directory, 'checkpoint'))).resolves.toBeUndefined();
  });
});
