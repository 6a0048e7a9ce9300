import path from 'node:path';

/** Files of a node's data directory. All of them are the hospital's alone: the directory has mode 0700. */
export interface DataPaths {
  readonly directory: string;
  readonly keyFile: string;
  readonly secretFile: string;
  readonly coordinator: string;
  readonly policy: string;
  readonly studies: string;
  readonly state: string;
  readonly egress: string;
  readonly controlToken: string;
  readonly control: string;
  readonly lock: string;
  readonly engine: string;
  readonly blobs: string;
  readonly plans: string;
  readonly rounds: string;
  readonly evaluations: string;
}

export function dataPaths(directory: string): DataPaths {
  const at = (name: string): string => path.join(directory, name);
  return {
    directory,
    keyFile: at('identity.key'),
    secretFile: at('identity.secret'),
    coordinator: at('coordinator.json'),
    policy: at('policy.json'),
    studies: at('studies.json'),
    state: at('state.json'),
    egress: at('egress.jsonl'),
    controlToken: at('control.token'),
    control: at('control.json'),
    lock: at('node.lock'),
    engine: at('engine.json'),
    blobs: at('blobs'),
    plans: at('plans'),
    rounds: at('rounds'),
    evaluations: at('evaluations'),
  };
}
