export { appEntry, commandEntry } from './processes/app-entry';
export { freePort, isPortFree } from './processes/free-port';
export { type Exit, ManagedProcess, type ManagedProcessOptions } from './processes/managed-process';
export { ProcessRegister } from './processes/process-register';
export { processStartTime } from './processes/process-start-time';
export { waitUntil, type WaitOptions } from './processes/wait-until';
export { ScriptedSite, type ScriptedSiteOptions } from './scripted/scripted-site';
export { type ScriptedUpdate, scriptedUpdate } from './scripted/scripted-update';
