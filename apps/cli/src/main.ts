import { Command, CommanderError } from 'commander';
import { expectedFailure } from './expected-failure';

type Register = (program: Command) => void;

/**
 * The top-level commands. Each is loaded when it is asked for: an administrator who lists data sets need not wait for the
 * compute engines to load.
 */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  bench: async () => (await import('./commands/bench.js')).registerBench,
  compare: async () => (await import('./commands/compare.js')).registerCompare,
  coordinator: async () => (await import('./commands/coordinator.js')).registerCoordinator,
  dataset: async () => (await import('./commands/dataset.js')).registerDataset,
  demo: async () => (await import('./commands/demo.js')).registerDemo,
  doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
  evaluate: async () => (await import('./commands/evaluate.js')).registerEvaluate,
  explain: async () => (await import('./commands/explain.js')).registerExplain,
  identity: async () => (await import('./commands/identity.js')).registerIdentity,
  ledger: async () => (await import('./commands/ledger.js')).registerLedger,
  metrics: async () => (await import('./commands/metrics.js')).registerMetrics,
  model: async () => (await import('./commands/model.js')).registerModel,
  node: async () => (await import('./commands/node.js')).registerNode,
  phantom: async () => (await import('./commands/phantom.js')).registerPhantom,
  predict: async () => (await import('./commands/predict.js')).registerPredict,
  proposal: async () => (await import('./commands/proposal.js')).registerProposal,
  site: async () => (await import('./commands/site.js')).registerSite,
  study: async () => (await import('./commands/study.js')).registerStudy,
  token: async () => (await import('./commands/token.js')).registerToken,
  reproduce: async () => (await import('./commands/reproduce.js')).registerReproduce,
  simulate: async () => (await import('./commands/simulate.js')).registerSimulate,
  train: async () => (await import('./commands/train.js')).registerTrain,
};

/** Exit codes, as docs/cli.md explains them. */
const EXIT = { refused: 1, usage: 2, defect: 70 } as const;

async function main(): Promise<void> {
  const program = new Command('fedistl')
    .description('federated DISTL: hospitals improve one chest X-ray model together')
    .version('0.1.0')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  const wanted = commands[process.argv[2] ?? ''];
  for (const load of wanted === undefined ? Object.values(commands) : [wanted]) (await load())(program);
  await program.parseAsync(process.argv);
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed the help, the version or what is wrong with the arguments.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    return;
  }
  const failure = expectedFailure(error);
  if (failure !== undefined) {
    console.error(`error ${failure.code}: ${failure.message}`);
    process.exitCode = EXIT.refused;
  } else {
    // Not one of ours: a defect, so the stack is wanted.
    console.error(error);
    process.exitCode = EXIT.defect;
  }
});
