import { type Command } from 'commander';
import { registerModelExport } from './model-export';
import { registerModelImport } from './model-import';
import { registerModelInit } from './model-init';
import { registerModelInspect } from './model-inspect';
import { registerModelRegistry } from './model-registry';

/** Adds `fedistl model init|import|inspect|export` on files, and `list|show|promote|rollback|download` on a coordinator. */
export function registerModel(program: Command): void {
  const model = program
    .command('model')
    .description('make, import, inspect and export model weights; the registry of a coordinator');
  registerModelInit(model);
  registerModelImport(model);
  registerModelInspect(model);
  registerModelExport(model);
  registerModelRegistry(model);
}
