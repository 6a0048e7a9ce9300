import { type Preprocessing, preprocessingNote, recordedPreprocessing, resolvePreprocessing } from './preprocessing';

const pixels = { size: 256, bits: 8, fit: 'squash', mode: 'clinical' } as const;
const recorded: Preprocessing = { pixels, size: 64, resize: 'fast', blurRadius: 0 };
const network = { patchSize: 8 };
const withCode = (code: string): unknown => expect.objectContaining({ code });

describe('preprocessing', () => {
  it('survives the metadata of a model file; a file without it says nothing', () => {
    expect(recordedPreprocessing({ other: 'x', ...preprocessingNote(recorded) })).toEqual(recorded);
    expect(recordedPreprocessing({ seed: '1' })).toBeUndefined();
  });

  it.each(['no json', '{}', '{"pixels":"256-u8-squash-clinical","size":-1,"resize":"fast","blurRadius":0}', 'null'])(
    'refuses the record %j',
    (text) => {
      expect(() => recordedPreprocessing({ 'fedistl.preprocessing': text })).toThrow(
        withCode('INFERENCE.PREPROCESSING_INVALID') as Error,
      );
    },
  );

  it('is asked for where it is not recorded, and never guessed', () => {
    const unknown = withCode('INFERENCE.PREPROCESSING_UNKNOWN') as Error;
    expect(() => resolvePreprocessing(undefined, { pixels }, network)).toThrow(unknown);
    expect(() => resolvePreprocessing(undefined, { size: 64 }, network)).toThrow(unknown);
    expect(resolvePreprocessing(undefined, { pixels, size: 64 }, network)).toEqual({
      pixels,
      size: 64,
      resize: 'parity',
      blurRadius: 0,
    });
  });

  it('is what was recorded; only the test blur may be switched', () => {
    expect(resolvePreprocessing(recorded, {}, network)).toEqual(recorded);
    expect(resolvePreprocessing(recorded, { size: 64, pixels, blurRadius: 0.5 }, network)).toEqual({
      ...recorded,
      blurRadius: 0.5,
    });
    for (const asked of [{ size: 32 }, { pixels: { ...pixels, size: 128 } }, { resize: 'parity' as const }]) {
      expect(() => resolvePreprocessing(recorded, asked, network)).toThrow(
        withCode('INFERENCE.PREPROCESSING_MISMATCH') as Error,
      );
    }
  });

  it('refuses a size that the patch does not divide', () => {
    for (const size of [4, 63, 65]) {
      expect(() => resolvePreprocessing(undefined, { pixels, size }, network)).toThrow(
        withCode('INFERENCE.SIZE') as Error,
      );
    }
  });
});
