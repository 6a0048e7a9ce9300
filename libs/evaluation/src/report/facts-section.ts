import { wilsonProportion } from '../wilson';
import { confidenceText, percent, whole } from './format-number';
import { facts, hash, type Html, section, table } from './html';
import { type ReportedData, type ReportedModel, type ReportOrigin } from './report-types';

/** What the data are: counts, prevalence, what was left out and why. */
export function dataSection(data: ReportedData, { confidence }: ReportOrigin): Html {
  const { images, positives, negatives, patients } = data;
  const share = wilsonProportion(positives, images, confidence);
  const prevalence = `${percent(share.value)} (${percent(share.lower)} to ${percent(share.upper)}, ${confidenceText(confidence)} Wilson interval)`;
  const rows: [string, Html | string][] = [
    ['Data set', data.name],
    ['Split', data.split],
    ['Finding', data.positive],
    ['Images', `${whole(images)}: ${whole(positives)} positive, ${whole(negatives)} negative`],
    ['Patients', whole(patients)],
    ['Prevalence', prevalence],
    ['Without a label', `${whole(data.unlabelled)} images of the split, left out`],
    ['Fingerprint', hash(data.fingerprint)],
  ];
  if (data.straddlingPatients > 0) {
    const count = `${whole(data.straddlingPatients)} patients have images in more than one split, as the source gives them`;
    rows.push(['Warning', count]);
  }
  return section('Data', 3, facts('Images that were evaluated', rows), quarantine(data));
}

function quarantine({ quarantined, quarantineMeanings }: ReportedData): Html {
  const entries = Object.entries(quarantined);
  if (entries.length === 0) {
    return facts('Images of the data set that were set aside at import', [['Quarantined', 'none']]);
  }
  return table({
    caption: 'Images of the data set that were set aside at import',
    columns: ['Reason', 'Images', 'Meaning'],
    rows: entries.map(([reason, count]) => [
      reason.replaceAll('_', ' '),
      whole(count),
      quarantineMeanings[reason] ?? '',
    ]),
  });
}

/** What the model is and what it gets to see. */
export function modelFacts(model: ReportedModel): Html {
  const { pixels, size, resize, blurRadius, source } = model.preprocessing;
  return facts(model.name, [
    ['SHA-256 of the file', hash(model.sha256)],
    ['Network', `${model.architecture}, ${whole(model.parameters)} parameters`],
    ['Input', `${size} x ${size} px, one grey channel, level / 255; from pixels ${pixels}`],
    ['Resize', resize === 'parity' ? 'bicubic, antialiased' : 'bicubic, antialiased, from a reduced copy'],
    ['Blur of the input', blurRadius === 0 ? 'none' : `Gaussian, radius ${blurRadius} px`],
    ['Preprocessing stated by', source],
  ]);
}

/** How the numbers came about, in words. */
export function originFacts(origin: ReportOrigin): Html {
  return facts('How this was made', [
    ['Software', origin.software],
    ['Computed by', origin.engine],
    ['Date', origin.createdAt],
    ['Bootstrap', `${whole(origin.resamples)} resamples by patient, seed ${origin.seed}`],
    ['Intervals', confidenceText(origin.confidence)],
  ]);
}
