import { benchDecode } from './bench-decode';
import { TRANSFER_SYNTAXES } from './dicom/transfer-syntax';

describe('the decode bench', () => {
  it('has a row for each transfer syntax', async () => {
    const rows = await benchDecode({ size: 64, repeats: 1 });
    expect(rows.map((row) => row.transferSyntax)).toEqual(TRANSFER_SYNTAXES.map(({ uid }) => uid));
    for (const row of rows) {
      expect(row.megapixels).toBeCloseTo(0.004096, 9);
      expect(row.megapixelsPerSecond).toBeGreaterThan(0);
    }
  });
});
