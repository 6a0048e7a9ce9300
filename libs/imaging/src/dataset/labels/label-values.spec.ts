import { parseAcquisitionTime, parseAge, parseSex } from './label-values';

describe('values of a labels table', () => {
  it.each([
    ['57', 57],
    ['057Y', 57],
    ['018M', 1],
    ['006D', 0],
    ['89', 89],
    ['97', 90],
    ['414', null],
    ['', null],
    ['old', null],
  ])('age %p is %p', (text, age) => {
    expect(parseAge(text)).toBe(age);
  });

  it.each([
    ['2021-03-04', '2021-03-04'],
    ['20210304', '2021-03-04'],
    ['2021-03-04T05:06:07Z', '2021-03-04T05:06:07'],
    ['20210304050607.123', '2021-03-04T05:06:07'],
    ['2021-02-30', null],
    ['04.03.2021', null],
    ['', null],
  ])('time %p is %p', (text, time) => {
    expect(parseAcquisitionTime(text)).toBe(time);
  });

  it.each([
    ['male', 'M'],
    ['F', 'F'],
    ['?', null],
  ])('sex %p is %p', (text, sex) => {
    expect(parseSex(text)).toBe(sex);
  });
});
