import { type StudyPlan } from '@fedistl/protocol';
import { parseVitConfig, type VitConfig } from '@fedistl/vit';

/** The network that a plan describes by numbers. @throws VitError */
export function planNetwork({ model }: StudyPlan): VitConfig {
  // The name of a preset is for people; the numbers say it all.
  return parseVitConfig(Object.fromEntries(Object.entries(model).filter(([key]) => key !== 'preset')));
}
