/** The 14 findings of ChestX-ray14 in the order of its tables and of ChestMNIST (MedMNIST v2). */
export const CHEST_XRAY14_FINDINGS = [
  'Atelectasis',
  'Cardiomegaly',
  'Effusion',
  'Infiltration',
  'Mass',
  'Nodule',
  'Pneumonia',
  'Pneumothorax',
  'Consolidation',
  'Edema',
  'Emphysema',
  'Fibrosis',
  'Pleural_Thickening',
  'Hernia',
] as const;

/** Further columns of CheXpert tables. */
const CHEXPERT_FINDINGS = [
  'No Finding',
  'Enlarged Cardiomediastinum',
  'Lung Opacity',
  'Lung Lesion',
  'Pleural Effusion',
  'Pleural Other',
  'Fracture',
  'Support Devices',
];

/** Which columns of a labels file mean what; -1 where there is none. */
export interface LabelColumns {
  /** Path relative to the source. */
  readonly file: number;
  /** Bare name of an image, as in `Image Index` of the NIH table. */
  readonly imageIndex: number;
  readonly split: number;
  readonly label: number;
  readonly patient: number;
  /** Findings separated by '|'. */
  readonly findingList: number;
  readonly findings: readonly { readonly name: string; readonly column: number }[];
  readonly view: number;
  readonly age: number;
  readonly sex: number;
  readonly acquiredAt: number;
  readonly attributes: readonly { readonly name: string; readonly column: number }[];
}

const NAMES = {
  file: ['file', 'path', 'filename', 'file_name', 'image', 'image_path', 'filepath'],
  imageIndex: ['image index', 'image_index', 'image_id', 'imageid'],
  split: ['split', 'set', 'partition', 'subset'],
  label: ['label', 'class', 'target', 'diagnosis'],
  patient: ['patient', 'patient id', 'patient_id', 'patientid', 'subject', 'subject_id'],
  findingList: ['finding labels', 'finding_labels', 'findings', 'labels'],
  view: ['view', 'view position', 'view_position', 'viewposition', 'ap/pa'],
  age: ['age', 'patient age', 'patient_age', 'patientage'],
  sex: ['sex', 'gender', 'patient gender', 'patient sex', 'patient_gender', 'patient_sex', 'patientsex'],
  acquiredAt: [
    'acquired_at',
    'acquired',
    'acquisition_date',
    'acquisition_time',
    'acquisition date',
    'study_date',
    'study date',
    'date',
  ],
} as const;

/** Columns kept without being asked: they name a place or a machine, not a person. */
const SAFE_ATTRIBUTES = ['site', 'hospital', 'scanner', 'manufacturer'];

/**
 * Reads a header row.
 *
 * Other columns are dropped, since any of them can hold a name or a number of a patient; `keep` names those that the
 * operator vouches for. `positive` may name a 0/1 column that is not a finding known here.
 */
export function readLabelColumns(
  header: readonly string[],
  keep: readonly string[],
  positive: string | null,
): LabelColumns {
  const lower = header.map((name) => name.trim().toLowerCase());
  const find = (names: readonly string[]): number =>
    names.map((name) => lower.indexOf(name)).find((at) => at !== -1) ?? -1;
  const columns = {
    file: find(NAMES.file),
    imageIndex: find(NAMES.imageIndex),
    split: find(NAMES.split),
    label: find(NAMES.label),
    patient: find(NAMES.patient),
    findingList: find(NAMES.findingList),
    view: find(NAMES.view),
    age: find(NAMES.age),
    sex: find(NAMES.sex),
    acquiredAt: find(NAMES.acquiredAt),
  };
  const taken = new Set<number>(Object.values(columns));
  const known = new Set([...CHEST_XRAY14_FINDINGS, ...CHEXPERT_FINDINGS, positive ?? ''].map(normaliseFinding));
  const named = header
    .map((name, column) => ({ name: name.trim(), column }))
    .filter(({ column }) => !taken.has(column));
  const findings = named.filter(({ name }) => name !== '' && known.has(normaliseFinding(name)));
  const kept = new Set([...SAFE_ATTRIBUTES, ...keep.map((name) => name.trim().toLowerCase())]);
  const attributes = named.filter(
    ({ name }) => kept.has(name.toLowerCase()) && !findings.some((finding) => finding.name === name),
  );
  return { ...columns, findings, attributes };
}

/** Spelling-free form of a finding's name: "Pleural Thickening" and "pleural_thickening" are one. */
export function normaliseFinding(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}
