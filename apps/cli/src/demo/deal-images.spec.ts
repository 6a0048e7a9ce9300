import { type DataSetItem } from '@fedistl/imaging';
import { dealImages } from './deal-images';
import { demoSites } from './demo-site';

const sites = demoSites('anywhere');

/** Images of 60 patients, two each; every second patient is positive, every third has test images. */
const images = (attributesOf: (patient: number) => Readonly<Record<string, string>>): DataSetItem[] =>
  Array.from({ length: 120 }, (_, id) => {
    const patient = Math.floor(id / 2);
    const rest = { slot: id, fold: null, view: null, acquiredAt: null, contentSha256: String(id) };
    return {
      ...rest,
      id,
      label: patient % 2 === 0 ? 1 : 0,
      patient: `p${patient}`,
      split: patient % 3 === 0 ? 'test' : 'train',
      attributes: attributesOf(patient),
    };
  });

it('deals by the origin that the labels table names', () => {
  const { origin, shares } = dealImages(
    images((patient) => ({ hospital: `h${Math.floor(patient / 12)}` })),
    sites,
  );
  expect(origin).toBe('hospital');
  const hospitals = shares.map((share) => new Set(share.map(({ attributes }) => attributes['hospital'])));
  expect(hospitals.map(({ size }) => size).sort()).toEqual([1, 2, 2]);
  expect(shares.flat()).toHaveLength(120);
});

it.each([
  [
    'sources that collected one class each',
    (patient: number) => ({ site: patient % 2 === 0 ? 'a' : `b${patient % 4}` }),
  ],
  ['names of single images', (patient: number) => ({ source_name: `image-${patient}.png` })],
  ['no origins', () => ({})],
])('deals by patient where there are %s', (_, attributesOf) => {
  const { origin, shares } = dealImages(images(attributesOf), sites);
  expect(origin).toBeNull();
  const patients = shares.flatMap((share) => [...new Set(share.map(({ patient }) => patient))]);
  expect(patients).toHaveLength(60);
  expect(shares.map(({ length }) => length)).toEqual([40, 40, 40]);
});

it('says what is missing when there are too few test images', () => {
  const few = images(() => ({})).filter(({ split, label }) => split === 'train' || label === 1);
  expect(() => dealImages(few, sites)).toThrow(
    expect.objectContaining({ code: 'DEMO.DATA', message: expect.stringContaining('0 negative') as string }) as Error,
  );
});
