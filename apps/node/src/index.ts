export { loadNodeConfig, type NodeConfig, settings } from './config/node-config';
export { confirmFingerprint, type EnrolledNode, enrolNode, type EnrolNodeOptions } from './enrolment/enrol-node';
export { NodeError } from './node.errors';
export { type RunningNode, startNode } from './start-node';
export { type Assignment, assignDataSet } from './studies/assignments';
