import { type Command } from 'commander';
import { registerModelExport } from './model-export';
import { registerModelImport } from './model-import';
import { registerModelInit } from './model-init';
import { registerModelInspect } from './model-inspect';

/** Adds `fedistl model init|import|inspect|export`. */
export function registerModel(program: Command): void {
  const model = program.command('model').description('make, import, inspect and export model weights');
  registerModelInit(model);
  registerModelImport(model);
  registerModelInspect(model);
  registerModelExport(model);
}
