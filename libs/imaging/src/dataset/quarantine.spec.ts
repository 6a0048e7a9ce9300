import {
  DEFAULT_QUARANTINE_RULES,
  isConstant,
  QUARANTINE_MEANINGS,
  QUARANTINE_REASONS,
  type QuarantineFacts,
  quarantineReason,
  reasonOfDecodeError,
} from './quarantine';
import { sampleLevels } from './testing/sample-images';

const GOOD: QuarantineFacts = {
  modality: 'DX',
  bodyPart: 'CHEST',
  view: 'PA',
  burnedInAnnotation: 'NO',
  rows: 2000,
  columns: 1800,
  isDicom: true,
  pixels: sampleLevels('good', 32),
};

describe('quarantineReason', () => {
  it.each<[string, Partial<QuarantineFacts>]>([
    ['a frontal chest film', {}],
    ['a header that says nothing', { modality: null, bodyPart: null, view: null, burnedInAnnotation: null }],
    ['a thorax', { bodyPart: 'THORAX' }],
    ['a film of chest and abdomen', { bodyPart: 'CHESTABDOMEN' }],
    ['a supine film', { view: 'AP' }],
    ['a 28 px image of a research set', { isDicom: false, rows: 28, columns: 28 }],
  ])('accepts %s', (_, over) => {
    expect(quarantineReason({ ...GOOD, ...over }, DEFAULT_QUARANTINE_RULES)).toBeNull();
  });

  it.each<[string, Partial<QuarantineFacts>]>([
    ['not_radiograph', { modality: 'CT' }],
    ['not_chest', { bodyPart: 'HIP' }],
    ['lateral_view', { view: 'LL' }],
    ['lateral_view', { view: 'Lateral' }],
    ['burnt_in_annotation', { burnedInAnnotation: 'YES' }],
    ['too_small', { columns: 255 }],
    ['constant', { pixels: new Uint8Array(1024).fill(7) }],
    ['constant', { pixels: new Uint16Array(1024).fill(700) }],
  ])('gives %s for %j', (reason, over) => {
    expect(quarantineReason({ ...GOOD, ...over }, DEFAULT_QUARANTINE_RULES)).toBe(reason);
  });

  it('counts an image as constant when only a marker is on it', () => {
    const marker = new Uint8Array(10_000).fill(3).fill(255, 0, 150);
    expect(isConstant(marker)).toBe(true);
    expect(isConstant(marker.fill(255, 0, 300))).toBe(false);
  });

  it.each([
    ['IMAGING.NO_PIXEL_DATA', 'missing_pixel_data'],
    ['IMAGING.MULTI_FRAME', 'multi_frame'],
    ['IMAGING.TRANSFER_SYNTAX', 'unsupported'],
    ['IMAGING.CONSTANT', 'constant'],
    ['IMAGING.TRUNCATED', 'unreadable'],
  ] as const)('turns %s into %s', (code, reason) => {
    expect(reasonOfDecodeError(code)).toBe(reason);
  });

  it('explains every reason', () => {
    expect(Object.keys(QUARANTINE_MEANINGS).sort()).toEqual([...QUARANTINE_REASONS].sort());
  });
});
