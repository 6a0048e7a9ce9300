/** Value representations that the writer knows. */
export type ValueRepresentation =
  | 'AE' | 'AS' | 'CS' | 'DA' | 'DS' | 'DT' | 'IS' | 'LO' | 'LT' | 'OB' | 'OV' | 'OW' | 'PN' | 'SH' | 'SQ' | 'SS' | 'ST'
  | 'TM' | 'UI' | 'UL' | 'UN' | 'US' | 'UT'; // prettier-ignore

export type DicomValue = string | number | readonly string[] | readonly number[] | Uint8Array | readonly DicomItem[];

/** One item of a sequence. */
export interface DicomItem {
  readonly attributes: readonly DicomAttribute[];
}

export interface DicomAttribute {
  /** Group and element, as one number: 0x00100020. */
  readonly tag: number;
  readonly vr: ValueRepresentation;
  readonly value: DicomValue;
}

const DICTIONARY = {
  ImageType: [0x00080008, 'CS'],
  SOPClassUID: [0x00080016, 'UI'],
  SOPInstanceUID: [0x00080018, 'UI'],
  StudyDate: [0x00080020, 'DA'],
  SeriesDate: [0x00080021, 'DA'],
  AcquisitionDate: [0x00080022, 'DA'],
  ContentDate: [0x00080023, 'DA'],
  AcquisitionDateTime: [0x0008002a, 'DT'],
  StudyTime: [0x00080030, 'TM'],
  AcquisitionTime: [0x00080032, 'TM'],
  AccessionNumber: [0x00080050, 'SH'],
  Modality: [0x00080060, 'CS'],
  PresentationIntentType: [0x00080068, 'CS'],
  Manufacturer: [0x00080070, 'LO'],
  InstitutionName: [0x00080080, 'LO'],
  ReferringPhysicianName: [0x00080090, 'PN'],
  StudyDescription: [0x00081030, 'LO'],
  SeriesDescription: [0x0008103e, 'LO'],
  ManufacturerModelName: [0x00081090, 'LO'],
  PatientName: [0x00100010, 'PN'],
  PatientID: [0x00100020, 'LO'],
  PatientBirthDate: [0x00100030, 'DA'],
  PatientSex: [0x00100040, 'CS'],
  PatientAge: [0x00101010, 'AS'],
  PatientAddress: [0x00101040, 'LO'],
  PatientComments: [0x00104000, 'LT'],
  BodyPartExamined: [0x00180015, 'CS'],
  ImagerPixelSpacing: [0x00181164, 'DS'],
  ViewPosition: [0x00185101, 'CS'],
  StudyInstanceUID: [0x0020000d, 'UI'],
  SeriesInstanceUID: [0x0020000e, 'UI'],
  StudyID: [0x00200010, 'SH'],
  InstanceNumber: [0x00200013, 'IS'],
  ImageLaterality: [0x00200062, 'CS'],
  PixelSpacing: [0x00280030, 'DS'],
  PixelPaddingValue: [0x00280120, 'US'],
  BurnedInAnnotation: [0x00280301, 'CS'],
  WindowCenter: [0x00281050, 'DS'],
  WindowWidth: [0x00281051, 'DS'],
  RescaleIntercept: [0x00281052, 'DS'],
  RescaleSlope: [0x00281053, 'DS'],
  VOILUTFunction: [0x00281056, 'CS'],
  LossyImageCompression: [0x00282110, 'CS'],
  PresentationLUTShape: [0x20500020, 'CS'],
} as const satisfies Record<string, readonly [number, ValueRepresentation]>;

/** Attributes that can be given by their DICOM keyword; others go in `WriteDicomOptions.attributes` by tag. */
export type DicomKeyword = keyof typeof DICTIONARY;

export type DicomHeader = Readonly<
  Partial<Record<DicomKeyword, string | number | readonly string[] | readonly number[]>>
>;

export function attributesOf(header: DicomHeader): DicomAttribute[] {
  return Object.entries(header).map(([keyword, value]) => {
    const [tag, vr] = DICTIONARY[keyword as DicomKeyword];
    return { tag, vr, value };
  });
}
