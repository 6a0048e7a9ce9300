import { CHEST_XRAY14_FINDINGS } from './label-columns';
import { guessPositive, resolvePositive } from './positive-class';

describe('positive class', () => {
  const findings = { classes: [], findings: CHEST_XRAY14_FINDINGS };

  it.each([
    ['tb', { classes: ['NORMAL', 'TB'], findings: [] }, { kind: 'class', name: 'TB' }],
    ['pleural thickening', findings, { kind: 'finding', name: 'Pleural_Thickening' }],
    ['7', findings, { kind: 'finding', name: 'Pneumothorax' }],
    ['1', { classes: ['0', '1'], findings: [] }, { kind: 'class', name: '1' }],
  ])('resolves %p', (wanted, vocabulary, expected) => {
    expect(resolvePositive(wanted, vocabulary)).toEqual(expected);
  });

  it('lists the choices for a name that does not occur', () => {
    expect(() => resolvePositive('cat', { classes: ['NORMAL', 'TB'], findings: [] })).toThrow(
      expect.objectContaining({
        code: 'DATASET.POSITIVE_UNKNOWN',
        message: expect.stringContaining('NORMAL, TB') as string,
      }) as Error,
    );
  });

  it.each([
    [{ classes: ['NORMAL', 'TB'], findings: [] }, 'TB'],
    [{ classes: ['0', '1'], findings: [] }, '1'],
    [{ classes: [], findings: ['Pneumothorax'] }, 'Pneumothorax'],
    [{ classes: ['TB', 'COVID'], findings: [] }, undefined],
    [{ classes: ['NORMAL', 'TB', 'COVID'], findings: [] }, undefined],
    [findings, undefined],
    [{ classes: ['TB'], findings: [] }, undefined],
  ])('guesses from %j only what is beyond doubt', (vocabulary, name) => {
    expect(guessPositive(vocabulary)?.name).toBe(name);
  });
});
