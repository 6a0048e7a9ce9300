import path from 'node:path';
import { downloadBlob } from '@fedistl/client/node';
import { parseModelHash, parseStudyId } from '@fedistl/core';
import { type ModelView } from '@fedistl/protocol';
import { type Command } from 'commander';
import { printTable } from './dataset-tables';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

interface ProposeFlags extends ConnectionFlags {
  readonly study: string;
  readonly reason: string;
}
interface DownloadFlags extends ConnectionFlags {
  readonly out?: string;
}

/** Adds `fedistl model list|show|promote|rollback|download`: the registry of a coordinator. */
export function registerModelRegistry(model: Command): void {
  addConnectionOptions(
    model.command('list').description("a study's models at the coordinator").argument('<study>', 'study id'),
  ).action(list);
  addConnectionOptions(
    model.command('show').description('a model with what it was made of').argument('<hash>', 'from "model list"'),
  ).action(async (hash: string, flags: ConnectionFlags) => {
    show(flags, await (await connect(flags)).showModel(hash), modelText);
  });
  for (const [action, description] of [
    ['promote', 'propose that a candidate becomes the teacher whatever the acceptance rule said'],
    ['rollback', 'propose to go back to an earlier teacher'],
  ] as const) {
    addConnectionOptions(
      model
        .command(action)
        .description(`${description}; another person approves it ("fedistl proposal approve")`)
        .argument('<hash>', 'from "model list"')
        .requiredOption('--study <id>', 'the study')
        .requiredOption('--reason <text>', 'in a sentence, for the ledger'),
    ).action(async (hash: string, flags: ProposeFlags) => {
      const proposal = { action, studyId: parseStudyId(flags.study), modelHash: parseModelHash(hash) };
      const answer = await (await connect(flags)).propose(proposal, flags.reason);
      show(
        flags,
        answer,
        ({ id }) => `proposal ${id}: another person approves it: fedistl proposal approve ${id} --reason "..."`,
      );
    });
  }
  addConnectionOptions(
    model
      .command('download')
      .description('fetch weights by hash; goes on where it was cut, and checks the hash')
      .argument('<hash>', 'from "model list"')
      .option('--out <file>', 'where to (HASH.safetensors here)'),
  ).action(download);
}

async function list(study: string, flags: ConnectionFlags): Promise<void> {
  const answer = await (await connect(flags)).studyModels(study);
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  printTable(
    ['hash', 'kind', 'state', 'generation', 'round', 'index', 'bytes', 'made'],
    answer.models.map((entry) => [
      entry.hash,
      entry.kind,
      entry.state,
      entry.generation,
      entry.round,
      entry.modelIndex,
      entry.byteLength,
      entry.createdAt,
    ]),
  );
}

function modelText({ hash, studyId, kind, state, generation, round, lineage, byteLength }: ModelView): string[] {
  return [
    hash,
    `${kind} of ${studyId}, ${state}; generation ${generation}, round ${round}; ${byteLength} bytes`,
    `student  ${lineage.studentHash ?? '-'}`,
    `teacher  ${lineage.teacherHash ?? '-'}`,
    `average  ${lineage.averageHash ?? '-'}`,
    ...lineage.contributions.map(
      ({ siteId, blobHash, weight }) => `update   ${blobHash} of ${siteId}, weight ${weight.toFixed(4)}`,
    ),
  ];
}

async function download(hash: string, flags: DownloadFlags): Promise<void> {
  const client = await connect(flags);
  const file = path.resolve(flags.out ?? `${parseModelHash(hash)}.safetensors`);
  const { byteLength } = await downloadBlob({ url: client.blobAddress(hash), hash, file, tokens: client.tokens });
  show(flags, { hash, file, byteLength }, () => `${file}: ${byteLength} bytes, SHA-256 ${hash}`);
}
