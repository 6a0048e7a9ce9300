import { type Command } from 'commander';
import { ProgressBoard } from '../watch/progress-board';
import { watchStudy } from '../watch/study-watcher';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';

/** Adds `fedistl study watch`: rounds, sites and decisions as they come. */
export function registerStudyWatch(study: Command): void {
  addConnectionOptions(
    study
      .command('watch')
      .description('follow a study until it ends or pauses; exits with 1 unless it was completed')
      .argument('<study>', 'study id'),
  ).action(async (studyId: string, flags: ConnectionFlags) => {
    const client = await connect(flags);
    const { participants } = await client.showStudy(studyId);
    const board = new ProgressBoard(participants.map(({ siteId }) => siteId));
    const { study: ended, generations } = await watchStudy({
      client,
      studyId,
      board,
      allowPlainHttp: flags.plainHttp === true,
    });
    if (ended.state !== 'completed') process.exitCode = 1;
    show(flags, { ...ended, evaluations: generations }, ({ state }) => `${studyId}: ${state}`);
  });
}
