export { type CoordinatorConfig, readConfig, type Variables } from './config/read-config';
export { type RunningCoordinator, startCoordinator } from './start-coordinator';
