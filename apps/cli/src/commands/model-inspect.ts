import { type InspectedFile, inspectWeights } from '@fedistl/vit';
import { type Command } from 'commander';

/** Adds `fedistl model inspect FILE`. @param model the `model` command group */
export function registerModelInspect(model: Command): void {
  model
    .command('inspect')
    .description('tensors, shapes, counts and layout of a weight file, without reading its values')
    .argument('<file>', 'a .safetensors, .pth or .ckpt file')
    .option('--inert <names...>', 'class names to keep as dead data, such as a.b.C, beside the known ones')
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: { readonly inert?: readonly string[]; readonly json?: boolean }) => {
      const found = await inspectWeights(file, { inertNames: flags.inert });
      console.log(flags.json === true ? JSON.stringify({ file, ...found }) : inspectText(found));
    });
}

function inspectText({ format, groups }: InspectedFile): string {
  return groups
    .flatMap((group) => [
      `${group.key || '(top)'}: ${format}, ${group.layout ?? 'no vision transformer'}, ${group.tensors.length} tensors, ${group.values} values`,
      ...(group.config === null ? [] : [`  model ${JSON.stringify(group.config)}`]),
      ...(group.problem === null ? [] : [`  ${group.problem}`]),
      ...group.tensors.map(({ name, dtype, shape }) => `  ${dtype.padEnd(5)}${name}  [${shape.join(', ')}]`),
    ])
    .join('\n');
}
