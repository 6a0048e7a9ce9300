import { type FilePrediction, predictFolder, Scorer } from '@fedistl/distl';
import { writeFileAtomic } from '@fedistl/core/node';
import { listFolder } from '@fedistl/imaging';
import { type Command } from 'commander';
import { addEngineOptions, engineFrom, type EngineFlags, wholeNumber } from './engine-options';
import { addModelInputOptions, type ModelInputFlags, openModels, prepareModels } from './evaluate-models';
import { imageProgress } from './evaluate-progress';
import { predictionLine, PREDICTIONS_HEADER } from './predict-csv';

interface Flags extends EngineFlags, ModelInputFlags {
  readonly model: string;
  readonly out?: string;
  readonly batch: number;
  readonly workers?: number;
  readonly strict: boolean;
  readonly json?: boolean;
}

/** How many files there were, and what became of them. */
interface Tally {
  readonly model: string;
  readonly files: number;
  readonly scored: number;
  /** Refused files by reason. */
  readonly refused: Readonly<Record<string, number>>;
}

/** `fedistl predict`: a folder in, a CSV of file and probability out. */
export function registerPredict(program: Command): void {
  const command = program
    .command('predict')
    .description(
      'probability of the finding for every image of a folder, as CSV: file,probability,reason,code. The CSV names the files ' +
        'it was given, and a file name may name a patient: keep it where the files are. Research use only.',
    )
    .argument('<folder>', 'folder of radiographs (DICOM, PNG, JPEG), or one file')
    .requiredOption('--model <file>', 'any checkpoint that "model import" takes')
    .option('--out <csv>', 'the file to write (stdout)');
  addModelInputOptions(command)
    .option('--batch <images>', 'images a run', wholeNumber, 16)
    .option('--workers <n>', 'decoding threads (one a core, at most 8)', wholeNumber)
    .option('--strict', 'exit with 1 when an image could not be used', false)
    .option('--json', 'print one JSON object; the predictions are in it unless --out is given');
  addEngineOptions(command).action(predict);
}

async function predict(folder: string, flags: Flags): Promise<void> {
  const { root, files } = listFolder(folder);
  const [prepared] = prepareModels(await openModels([flags.model], flags), [], flags, flags.pixels);
  if (prepared === undefined) return;
  const { model, preprocessing, finding } = prepared;
  const engine = await engineFrom(flags);
  const kept: FilePrediction[] = [];
  const refused: Record<string, number> = {};
  let scored = 0;
  try {
    const scorer = await Scorer.open({ engine, model, preprocessing, finding, batch: flags.batch });
    try {
      const onFile = imageProgress(files.length);
      const lines = async function* (): AsyncGenerator<string> {
        yield PREDICTIONS_HEADER;
        for await (const prediction of predictFolder(root, files, {
          scorer,
          preprocessing,
          workers: flags.workers,
          onFile,
        })) {
          if (prediction.reason === null) scored += 1;
          else refused[prediction.reason] = (refused[prediction.reason] ?? 0) + 1;
          if (flags.json === true && flags.out === undefined) kept.push(prediction);
          yield predictionLine(prediction);
        }
      };
      await write(lines(), flags);
    } finally {
      await scorer.dispose();
    }
  } finally {
    await engine.dispose();
  }
  report({ model: model.sha256, files: files.length, scored, refused }, kept, flags);
}

/** To the file whole or not at all, or to stdout line by line; nowhere when a JSON object will hold the predictions. */
async function write(lines: AsyncGenerator<string>, { out, json }: Flags): Promise<void> {
  if (out !== undefined) {
    await writeFileAtomic(out, asBytes(lines));
    return;
  }
  for await (const line of lines) if (json !== true) process.stdout.write(line);
}

async function* asBytes(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(line);
}

function report(tally: Tally, predictions: readonly FilePrediction[], { out, json, strict }: Flags): void {
  const reasons = Object.entries(tally.refused).map(([reason, count]) => `${reason} ${count}`);
  if (json === true) console.log(JSON.stringify({ ...tally, ...(out === undefined ? { predictions } : {}) }));
  else
    process.stderr.write(
      `${tally.scored} of ${tally.files} images scored${reasons.length > 0 ? `; not used: ${reasons.join(', ')}` : ''}\n`,
    );
  if (strict && tally.scored < tally.files) process.exitCode = 1;
}
