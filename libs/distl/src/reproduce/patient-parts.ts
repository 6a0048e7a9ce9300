import { createHash } from 'node:crypto';
import { type DataSetItem } from '@fedistl/imaging';

/** A part that images are put in, and its share of them. */
export interface Part {
  readonly name: string;
  readonly share: number;
}

/**
 * Divides images among parts, all images of a patient into one. Patients with a positive image, those with negative ones
 * alone and those without labels are divided each for themselves, so that both classes are in every part as far as there
 * are enough patients. Patients go in the order of a hash of seed and content, each to the part that lacks most images.
 *
 * Depends on the seed and the images' content alone.
 *
 * @param shares sum to 1
 */
export function divideByPatient(
  items: readonly DataSetItem[],
  parts: readonly Part[],
  seed: string,
): Map<string, DataSetItem[]> {
  const result = new Map<string, DataSetItem[]>(parts.map(({ name }) => [name, []]));
  for (const patients of strata(items).values()) {
    const placed = new Map<string, number>();
    let total = 0;
    for (const images of inOrder(patients, seed)) {
      total += images.length;
      let [best, most] = [parts[0]?.name ?? '', -Infinity];
      for (const { name, share } of parts) {
        const lack = share * total - (placed.get(name) ?? 0);
        if (lack > most + 1e-9) [best, most] = [name, lack];
      }
      placed.set(best, (placed.get(best) ?? 0) + images.length);
      result.get(best)?.push(...images);
    }
  }
  // The order of the data set, so that an index means the same image whatever the strata.
  for (const members of result.values()) members.sort((a, b) => a.id - b.id);
  return result;
}

type Patient = readonly DataSetItem[];

function strata(items: readonly DataSetItem[]): Map<string, Patient[]> {
  const patients = new Map<string, DataSetItem[]>();
  for (const item of items) {
    const key = item.patient ?? `image ${item.id}`;
    const images = patients.get(key);
    if (images === undefined) patients.set(key, [item]);
    else images.push(item);
  }
  const result = new Map<string, Patient[]>();
  for (const images of patients.values()) {
    const has = (label: 0 | 1): boolean => images.some((item) => item.label === label);
    const stratum = has(1) ? 'positive' : has(0) ? 'negative' : 'unlabelled';
    result.set(stratum, [...(result.get(stratum) ?? []), images]);
  }
  return result;
}

function inOrder(patients: readonly Patient[], seed: string): Patient[] {
  const rank = (images: Patient): string => {
    const [least] = images.map(({ contentSha256 }) => contentSha256).sort();
    return createHash('sha256')
      .update(`${seed}\0${least ?? ''}`)
      .digest('hex');
  };
  return patients
    .map((images) => ({ images, rank: rank(images) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ images }) => images);
}
