import { type NodeStatus } from '@fedistl/client/node';

/** What `fedistl node status` prints. */
export function statusLines(status: NodeStatus): string[] {
  const { coordinator, activity, progress, egress } = status;
  return [
    `site         ${status.siteId}, ${status.fingerprint}`,
    `coordinator  ${coordinator.url}${coordinator.proxy === null ? '' : ` through ${coordinator.proxy}`}, ${coordinator.link}${coordinator.reason === null ? '' : `: ${coordinator.reason.code} ${coordinator.reason.message}`}`,
    `doing        ${status.paused === null ? activity.kind : `paused: ${status.paused}`}${
      progress === null ? '' : `, step ${progress.step} of ${progress.steps}`
    }`,
    `engine       ${status.engine.name}`,
    ...status.studies.flatMap(({ studyId, state, dataSet, joined, planHash, reasons }) => [
      `study        ${studyId}, ${state}, ${joined ? `joined with data set ${dataSet ?? '-'}` : 'not joined'}, plan ${planHash}`,
      ...reasons.map(({ code, message }) => `             ${code}: ${message}`),
    ]),
    ...status.rounds
      .slice(0, 5)
      .map(
        ({ studyId, generation, round, attempt, stage, reasons }) =>
          `round        ${studyId} ${generation}.${round}, attempt ${attempt}: ${stage}${
            reasons[0] === undefined ? '' : ` (${reasons[0].code})`
          }`,
      ),
    ...status.evaluations
      .slice(0, 5)
      .map(
        ({ studyId, generation, stage, reasons }) =>
          `evaluation   ${studyId} ${generation}: ${stage}${reasons[0] === undefined ? '' : ` (${reasons[0].code})`}`,
      ),
    `left here    ${egress.entries} entries, ledger head ${egress.head}`,
    ...Object.entries(egress.bytesByClass).map(
      // What has no bytes in the ledger has a line a day there.
      ([name, bytes]) => `             ${name}${bytes === 0 ? '' : `: ${bytes} bytes`}`,
    ),
  ];
}
