import { float32Tensor, type ModelHash, parseModelHash, type TensorForm } from '@fedistl/core';
import { faultPoint } from '@fedistl/core/node';
import { generationRules, type StudyPlan } from '@fedistl/protocol';
import { type SiteContribution } from '../aggregate/aggregate-updates';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { type RefusedUpdate } from '../aggregate/reading-check';
import { AggregationError } from '../aggregation.errors';
import { type UpdateForm, updateForm } from '../close/update-form';
import { moveTeacher } from '../server/teacher-ema';
import { type HashedFile, ModelFile, type Piece, writeComputedFile } from './close-files';
import { joinSites, type RoundUpdate } from './close-sites';
import { momentsForm, ServerSide } from './close-server';
import { PassWorkerPool } from './pass-worker-pool';

export interface CloseRoundRequest {
  readonly plan: StudyPlan;
  readonly generation: number;
  readonly round: number;
  /** Model that the updates are changes of. */
  readonly student: string;
  /** Teacher of the round; null in generation 0. */
  readonly teacher: string | null;
  /** What the server's optimiser kept from its last step; null before the first, or where it keeps nothing. */
  readonly moments: string | null;
  /** Steps of the server's optimiser before this one, since its moments were null. */
  readonly serverStep: number;
  /** In any order. */
  readonly updates: readonly RoundUpdate[];
  /** Where the results are written. */
  readonly directory: string;
  /** Threads to use; without it some are started for this call. */
  readonly pool?: PassWorkerPool;
}

export interface ClosedRound {
  /** `loadVit` opens it, and the teacher; both say in their metadata which round made them. */
  readonly student: HashedFile<ModelHash>;
  readonly teacher: HashedFile<ModelHash> | null;
  /** Tensor `centre` of K values; null in generation 0. */
  readonly centre: HashedFile | null;
  readonly moments: HashedFile | null;
  /** The updates that the result is made of, ascending by site. */
  readonly contributions: readonly SiteContribution[];
  /** Updates that turned out bad while they were read. */
  readonly refused: readonly RefusedUpdate[];
}

/**
 * Closes a round: one update is made of the sites' by the plan's rule, the server's optimiser moves the student by it, the
 * teacher follows (t = m^K t + (1 - m^K) s, or by the sites' mean change under a local teacher), and the centre becomes the
 * mean of the sites'. A function of its inputs to the bit: done again after a crash it writes the same files.
 *
 * Memory: one model (the aggregated update) and some 80 MiB, whatever the number of sites; with normalised rows the last
 * layer besides.
 *
 * @throws AggregationError `AGGREGATION.TOO_FEW_SITES`, `AGGREGATION.NO_WEIGHT`, `AGGREGATION.BAD_MODEL`, and as
 *   `aggregateFiles`; FileError, SafetensorsError for the model files
 */
export async function closeRound(request: CloseRoundRequest): Promise<ClosedRound> {
  const student = await ModelFile.open(request.student);
  const teacher = request.teacher === null ? null : await ModelFile.open(request.teacher);
  const pool = request.pool ?? new PassWorkerPool();
  try {
    return await close(request, student, teacher, pool);
  } finally {
    if (request.pool === undefined) await pool.close();
    await student.close();
    await teacher?.close();
  }
}

async function close(
  request: CloseRoundRequest,
  student: ModelFile,
  teacher: ModelFile | null,
  pool: PassWorkerPool,
): Promise<ClosedRound> {
  const { plan, generation, directory } = request;
  const form = updateForm(plan, generation, student.tensors);
  requireTeacher(generation, student, teacher);
  const { delta, contributions, refused, centre } = await joinSites({
    plan,
    parameters: form.parameters,
    normalisedLayer: await normalisedLayer(form, student),
    updates: request.updates,
    minimumSites: generationRules(plan, generation).minimumSites,
    pool,
  });
  const moments = request.moments === null ? null : await ModelFile.open(request.moments);
  try {
    const server = new ServerSide({ form, plan, student, moments, delta, step: request.serverStep });
    const next = await writeComputedFile({
      directory,
      tensors: student.tensors,
      metadata: noted(request, student, 'student'),
      values: (piece) => server.student(piece),
    });
    faultPoint('close-round.student-written');
    const nextTeacher =
      teacher === null ? null : await writeTeacher(request, form, { teacher, delta, student: next.path });
    faultPoint('close-round.teacher-written');
    const kept = momentsForm(plan, form);
    return {
      student: asModel(next),
      teacher: nextTeacher === null ? null : asModel(nextTeacher),
      centre: centre === null ? null : await writeCentre(directory, centre),
      moments:
        kept.length === 0
          ? null
          : await writeComputedFile({
              directory,
              tensors: kept,
              metadata: {},
              values: (piece) => server.moment(piece),
            }),
      contributions,
      refused,
    };
  } finally {
    await moments?.close();
  }
}

/** What the next files say of themselves: what the last ones said, but for the round. */
function noted(
  { plan, generation, round }: CloseRoundRequest,
  { metadata }: ModelFile,
  role: 'student' | 'teacher',
): Readonly<Record<string, string>> {
  return { ...metadata, role, study: plan.studyId, generation: String(generation), round: String(round) };
}

interface TeacherParts {
  readonly teacher: ModelFile;
  /** The next student's file. */
  readonly student: string;
  readonly delta: Float32Array;
}

async function writeTeacher(
  request: CloseRoundRequest,
  { exchange, sendsTeacher }: UpdateForm,
  { teacher, student, delta }: TeacherParts,
): Promise<HashedFile> {
  const { plan, generation, directory } = request;
  const follow = plan.teacher;
  const leader = await ModelFile.open(student);
  const { stepsPerRound: steps } = generationRules(plan, generation);
  const values = async (piece: Piece): Promise<Float32Array> => {
    const moved = await teacher.read(piece);
    if (follow.mode === 'server') {
      moveTeacher(moved, await leader.read(piece), { momentumPerStep: follow.momentumPerStep, steps });
    } else if (sendsTeacher && exchange.layout.has(piece.name)) {
      const at = exchange.parameters + exchange.layout.entry(piece.name).offset + piece.first;
      for (let i = 0; i < moved.length; i++) moved[i] = (moved[i] ?? 0) + (delta[at + i] ?? 0);
    }
    return moved;
  };
  try {
    const metadata = noted(request, teacher, 'teacher');
    return await writeComputedFile({ directory, tensors: teacher.tensors, metadata, values });
  } finally {
    await leader.close();
  }
}

function writeCentre(directory: string, centre: Float32Array): Promise<HashedFile> {
  return writeComputedFile({
    directory,
    tensors: [float32Tensor('centre', [centre.length], centre)],
    metadata: {},
    values: ({ first, count }) => Promise.resolve(centre.subarray(first, first + count)),
  });
}

/** The last layer as it is at the round's start, where its rows are to be normalised. */
async function normalisedLayer({ exchange }: UpdateForm, student: ModelFile): Promise<NormalisedLayer | null> {
  const { region } = exchange;
  const entry = region && exchange.layout.entries.find(({ offset }) => offset === region.offset);
  if (region === null || !entry) return null;
  return { ...region, base: await student.read({ name: entry.name, first: 0, count: entry.length }) };
}

function requireTeacher(generation: number, student: ModelFile, teacher: ModelFile | null): void {
  if (generation === 0 && teacher === null) return;
  const names = (tensors: readonly TensorForm[] | undefined): string => JSON.stringify(tensors ?? 'no teacher');
  if (generation > 0 && names(student.tensors) === names(teacher?.tensors)) return;
  throw new AggregationError(
    'AGGREGATION.BAD_MODEL',
    `expected ${generation === 0 ? 'no teacher' : "a teacher of the student's tensors"} in generation ${generation}, got ` +
      (teacher === null ? 'none' : `one of ${teacher.tensors.length} tensors`),
  );
}

function asModel({ hash, ...file }: HashedFile): HashedFile<ModelHash> {
  return { ...file, hash: parseModelHash(hash) };
}
