import { type PeopleClient } from '@fedistl/client';
import { parsePublicIdentity } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { generationRules, openMessage, type RoundView, type StudyPlan, type StudyView } from '@fedistl/protocol';
import { type Command } from 'commander';
import { differenceText, verdictsText } from '../watch/judgement-text';
import { printTable } from './dataset-tables';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';
import { registerStudyCreate } from './study-create';
import { registerStudyPlan } from './study-plan';
import { registerStudyWatch } from './study-watch';

/** `fedistl study plan|create|approve|start|pause|resume|cancel|watch|list|show`: what a study lead and a reviewer do. */
export function registerStudy(program: Command): void {
  const study = program.command('study').description('studies of a federation');
  registerStudyPlan(study);
  registerStudyCreate(study);
  for (const [name, action, description] of [
    ['approve', 'approveStudy', 'approve the plan of a study that another person created'],
    ['start', 'startStudy', 'start an approved study'],
    ['pause', 'pauseStudy', 'open nothing new; a round or an evaluation that is out runs to its end'],
    ['resume', 'resumeStudy', 'go on with a paused study'],
    ['cancel', 'cancelStudy', 'end a study; its models stay'],
  ] as const) {
    addConnectionOptions(study.command(name).description(description).argument('<study>', 'study id')).action(
      async (studyId: string, flags: ConnectionFlags) => {
        const client = await connect(flags);
        show(flags, await client[action](studyId), ({ state }) => `${studyId}: ${state}`);
      },
    );
  }
  registerStudyWatch(study);
  addConnectionOptions(study.command('list').description('all studies')).action(list);
  addConnectionOptions(
    study
      .command('show')
      .description('one study: state, sites, rounds, evaluations')
      .argument('<study>', 'study id')
      .option('--plan', 'print the plan instead, to read before it is approved', false),
  ).action(async (studyId: string, flags: ShowFlags) => {
    const client = await connect(flags);
    if (flags.plan) console.log(JSON.stringify(await planOf(client, studyId), null, flags.json === true ? 0 : 2));
    else await showStudy(client, studyId, flags);
  });
}

interface ShowFlags extends ConnectionFlags {
  readonly plan: boolean;
}

/** The plan, with the coordinator's signature checked. @throws ProtocolError `PROTOCOL.BAD_SIGNATURE` */
async function planOf(client: PeopleClient, studyId: string): Promise<StudyPlan> {
  const [{ plan }, { identity }] = [await client.studyPlan(studyId), await client.coordinatorCard()];
  return openMessage('study-plan', plan, { keys: [parsePublicIdentity(identity)], verify: verifyEd25519Native });
}

async function list(flags: ConnectionFlags): Promise<void> {
  const answer = await (await connect(flags)).listStudies();
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  printTable(
    ['study', 'title', 'state', 'generation', 'sites', 'teacher'],
    answer.studies.map((study) => [
      study.studyId,
      study.title,
      study.state,
      `${study.generation ?? '-'} of ${study.generations}`,
      study.participants.length,
      study.teacherHash?.slice(0, 12) ?? '-',
    ]),
  );
}

async function showStudy(client: PeopleClient, studyId: string, flags: ConnectionFlags): Promise<void> {
  const [study, { rounds }, { generations }] = await Promise.all([
    client.showStudy(studyId),
    client.studyRounds(studyId),
    client.studyEvaluations(studyId),
  ]);
  if (flags.json === true) {
    console.log(JSON.stringify({ ...study, rounds, evaluations: generations }));
    return;
  }
  for (const line of headLines(study)) console.log(line);
  const waiting = study.state === 'running' ? rounds.find(({ phase }) => phase === 'planned') : undefined;
  if (waiting !== undefined) console.log(waitingLine(waiting, await planOf(client, studyId)));
  printTable(
    ['site', 'labelled', 'unlabelled', 'hold-out'],
    study.participants.map(({ siteId, labelled, unlabelledByFold, holdOut }) => [
      siteId,
      labelled,
      unlabelledByFold.reduce((sum, count) => sum + count, 0),
      holdOut,
    ]),
  );
  printTable(
    ['round', 'attempt', 'phase', 'updates', 'invited'],
    rounds.map(({ generation, round, attempt, phase, updates, invited }) => [
      `${generation}.${round}`,
      attempt,
      phase,
      updates.length,
      invited.join(' '),
    ]),
  );
  printTable(
    ['generation', 'decision', 'pooled AUC', 'pooled difference', 'verdicts', 'reports', 'withdrawn', 'awaited'],
    generations.map(({ generation, decision, pooledAuc, judgement, reports, withdrawn, awaited }) => [
      generation,
      decision,
      pooledAuc === null
        ? '-'
        : `${pooledAuc.value.toFixed(3)} (${pooledAuc.low.toFixed(3)}-${pooledAuc.high.toFixed(3)})`,
      differenceText(judgement?.pooledDifference ?? null),
      judgement === null ? '-' : verdictsText(judgement),
      reports.length,
      withdrawn.map(({ siteId, code }) => `${siteId} (${code})`).join(' ') || '-',
      awaited.join(' ') || '-',
    ]),
  );
}

function headLines({
  studyId,
  title,
  state,
  reason,
  planHash,
  teacherHash,
  createdBy,
  approvedBy,
}: StudyView): string[] {
  return [
    `${studyId}: ${title}`,
    `state     ${state}${reason === null ? '' : `: ${reason.code} ${reason.message}`}`,
    `plan      ${planHash}, created by ${createdBy}, ${approvedBy === null ? 'not approved' : `approved by ${approvedBy}`}`,
    `teacher   ${teacherHash ?? 'none yet'}`,
  ];
}

/** A study that runs and does nothing puzzles people: it waits for hospitals. */
function waitingLine({ generation, round }: RoundView, plan: StudyPlan): string {
  const { minimumSites } = generationRules(plan, generation);
  return `waits     round ${generation}.${round} opens when ${minimumSites} sites in force have joined with images for it`;
}
