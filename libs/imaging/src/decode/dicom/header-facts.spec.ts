import { type DicomHeader } from '../../dicom-writer/dicom-attribute';
import { type WriteDicomOptions, writeDicom } from '../../dicom-writer/write-dicom';
import { decodeBytes } from '../decode-bytes';
import { type HeaderFacts } from '../decoded-file';

async function facts(header: DicomHeader, attributes: WriteDicomOptions['attributes'] = []): Promise<HeaderFacts> {
  const bytes = await writeDicom({
    transferSyntax: '1.2.840.10008.1.2.1',
    pixels: { rows: 1, columns: 1, bitsAllocated: 8, values: Uint8Array.of(1) },
    header,
    attributes,
  });
  return (await decodeBytes(bytes)).header;
}

describe('header facts', () => {
  it('are read', async () => {
    const found = await facts({
      Modality: 'DX',
      BodyPartExamined: 'chest ',
      ViewPosition: 'PA',
      ImageType: ['DERIVED', 'PRIMARY'],
      PresentationIntentType: 'FOR PRESENTATION',
      BurnedInAnnotation: 'YES',
      LossyImageCompression: '01',
      ImagerPixelSpacing: ['0.139', '0.140'],
      PatientID: ' P1 ',
      AcquisitionDate: '20240229',
      AcquisitionTime: '131415.250',
    });
    expect({ ...found, patientId: found.patientId?.reveal() }).toEqual({
      sopClass: '1.2.840.10008.5.1.4.1.1.1.1',
      modality: 'DX',
      bodyPart: 'CHEST',
      viewPosition: 'PA',
      laterality: null,
      imageType: ['DERIVED', 'PRIMARY'],
      presentationIntent: 'FOR PRESENTATION',
      acquiredAt: '2024-02-29T13:14:15',
      patientId: 'P1',
      burnedInAnnotation: 'YES',
      lossyCompressed: true,
      pixelSpacingMm: [0.139, 0.14],
    });
  });

  it('are null when absent or not of their kind', async () => {
    const found = await facts({
      Modality: 'DOE^JANE',
      AcquisitionDate: '20230229',
      PixelSpacing: ['0', 'x'],
      PatientID: '  ',
    });
    expect(found).toMatchObject({
      modality: null,
      acquiredAt: null,
      pixelSpacingMm: null,
      patientId: null,
      imageType: [],
    });
  });

  it.each([
    [{ AcquisitionDateTime: '20200102030405.678+0900', StudyDate: '19990101' }, '2020-01-02T03:04:05'],
    [{ AcquisitionDate: 'nonsense', ContentDate: '20210304', StudyDate: '19990101' }, '2021-03-04'],
    [{ StudyDate: '1999.12.31', StudyTime: '2359' }, '1999-12-31T23:59:00'],
    [{ StudyDate: '19991231', StudyTime: '2460' }, '1999-12-31'],
  ])('tell when: %j', async (header, expected) => {
    expect((await facts(header)).acquiredAt).toBe(expected);
  });

  it('find the view in its code sequence', async () => {
    const code = (value: string): Parameters<typeof facts>[1] => [
      { tag: 0x00540220, vr: 'SQ', value: [{ attributes: [{ tag: 0x00080100, vr: 'SH', value }] }] },
    ];
    expect((await facts({}, code('399348003'))).viewPosition).toBe('AP');
    expect((await facts({}, code('R-10214'))).viewPosition).toBe('PA');
    expect((await facts({ ViewPosition: 'LL' }, code('R-10214'))).viewPosition).toBe('LL');
    expect((await facts({}, code('T-12345'))).viewPosition).toBeNull();
  });
});
