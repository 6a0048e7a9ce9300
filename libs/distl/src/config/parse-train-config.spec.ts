import { BEHAVIOURS } from './behaviours';
import { parseTrainConfig } from './parse-train-config';

const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });

it('both behaviours are valid, and changes reach only what they name', () => {
  expect(parseTrainConfig('parity')).toEqual(BEHAVIOURS.parity);
  const config = parseTrainConfig('recommended', { learningRate: { peak: 1e-3 }, teacher: { base: 0.99 }, clip: null });
  expect(config.learningRate).toEqual({ ...BEHAVIOURS.recommended.learningRate, peak: 1e-3 });
  expect(config.teacher).toEqual({ base: 0.99 });
  expect(config.clip).toBeNull();
});

it.each([
  [{ bacth: 8 }, 'DISTL.CONFIG_UNKNOWN_KEY', 'bacth'],
  [{ correction: { every: 8 } }, 'DISTL.CONFIG_UNKNOWN_KEY', 'correction.every'],
  [{ batch: 0 }, 'DISTL.CONFIG_INVALID', 'batch'],
  [{ temperatures: { teacher: -1 } }, 'DISTL.CONFIG_INVALID', 'temperatures.teacher'],
  [[], 'DISTL.CONFIG_INVALID', 'object'],
])('%j is refused as %s', (changes, wanted, named) => {
  expect(() => parseTrainConfig('parity', changes)).toThrow(code(wanted) as Error);
  expect(() => parseTrainConfig('parity', changes)).toThrow(named);
});
