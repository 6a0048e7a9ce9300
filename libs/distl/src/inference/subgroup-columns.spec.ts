import { type Attributes, type DataSetItem } from '@fedistl/imaging';
import { ageBand, subgroupColumns } from './subgroup-columns';

const item = (attributes: Attributes, view: string | null = 'PA'): DataSetItem => ({
  id: 1,
  slot: 0,
  contentSha256: 'a',
  label: 1,
  patient: null,
  split: 'test',
  fold: null,
  view,
  acquiredAt: null,
  attributes,
});

it.each([
  [0, '00 to 17'],
  [17.9, '00 to 17'],
  [18, '18 to 39'],
  ['59', '40 to 59'],
  [90, '80 and more'],
  [-1, ''],
  ['', ''],
  ['old', ''],
  [undefined, ''],
])('age %j is in band %j', (age, band) => {
  expect(ageBand(age)).toBe(band);
});

it('groups by view, age and few-valued attributes that differ', () => {
  const items = Array.from({ length: 30 }, (_, i) =>
    item({ site: i % 2 === 0 ? 'a' : 'b', age: i * 3, device: 'one', measure: i, ...(i > 0 ? { sex: 'f' } : {}) }),
  );
  const columns = subgroupColumns(items);
  expect([...columns.keys()]).toEqual(['age band', 'sex', 'site']);
  expect(columns.get('sex')?.slice(0, 2)).toEqual(['', 'f']);
  expect([...subgroupColumns([item({}, 'PA'), item({}, null)]).entries()]).toEqual([['view', ['PA', '']]]);
});
