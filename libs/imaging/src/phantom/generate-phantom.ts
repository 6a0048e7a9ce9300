import { createRng, type Rng } from '@fedistl/core';

import { type Acquisition, type Anatomy, clamp, drawAcquisition, drawAnatomy } from './anatomy';
import { type Canvas, createCanvas } from './canvas';
import { drawBones } from './draw-bones';
import { drawSoftTissue } from './draw-soft-tissue';
import { drawVessels } from './draw-vessels';
import { expose } from './expose';
import { type Finding, type FindingContext } from './finding';
import { fractalNoise } from './fractal-noise';
import { groundGlass } from './ground-glass';
import { LungField } from './lung-field';
import { mimics } from './mimics';
import { pneumothorax } from './pneumothorax';
import { siteStyle } from './site-style';
import { tuberculosis } from './tuberculosis';

export const PHANTOM_TASKS = ['tuberculosis', 'pneumothorax', 'covid'] as const;
export type PhantomTask = (typeof PHANTOM_TASKS)[number];

const FINDINGS: Record<PhantomTask, Finding> = { tuberculosis, pneumothorax, covid: groundGlass };

export interface PhantomOptions {
  readonly seed: number | string;
  readonly task: PhantomTask;
  /** Whether the disease is there. */
  readonly positive: boolean;
  /** Names the patient: the same anatomy and disease in each of the patient's images. */
  readonly patient: number;
  /** Which radiograph of this patient. */
  readonly visit: number;
  /** 0-based; sets the scanner's style. */
  readonly site: number;
  /** Edge, pixels. */
  readonly size: number;
  /** Severity of the mildest disease, 0 (hardly to be seen) to 1 (plain). Default 0.05; higher makes an easier set. */
  readonly leastSeverity?: number;
}

/** A synthetic chest radiograph. */
export interface Phantom {
  readonly size: number;
  /** [size, size]: 0 black to 1 white. */
  readonly pixels: Float32Array;
  readonly positive: boolean;
  /** How plain the disease is, 0 to 1; null when there is none. For studies of subtlety, not a training label. */
  readonly severity: number | null;
  readonly sex: 'F' | 'M';
  readonly ageYears: number;
}

/**
 * Makes one synthetic frontal chest radiograph. The same options give the same pixels.
 *
 * Anatomy, pose, exposure and things that look like disease are drawn independently of the label. Severity runs down to
 * findings that can hardly be told from noise, so no classifier is perfect.
 */
export function generatePhantom(options: PhantomOptions): Phantom {
  const { seed, task, size } = options;
  const patient = createRng(seed).stream(`phantom/patient/${options.patient}`);
  const image = patient.stream(`visit/${options.visit}`);
  const anatomy = drawAnatomy(patient.stream('anatomy'));
  const acquisition = drawAcquisition(image.stream('acquisition'));
  const severity = options.positive ? drawSeverity(patient.stream('severity'), options.leastSeverity) : null;
  const scene = createScene(size, anatomy, acquisition, image);
  const context: Omit<FindingContext, 'rng' | 'severity'> = { ...scene, anatomy };
  mimics({ ...context, rng: image.stream('mimics'), severity: 0 });
  if (severity !== null) FINDINGS[task]({ ...context, rng: patient.stream('finding'), severity });
  addMarkings(scene, anatomy, acquisition, patient.stream('vessels'), image.stream('texture'));
  drawBones(scene.canvas, scene.scratch, anatomy, acquisition, scene.lungs, patient.stream('bones'));
  const pixels = expose(scene.canvas.values, size, siteStyle(seed, options.site), image.stream('exposure'));
  return { size, pixels, positive: options.positive, severity, sex: anatomy.sex, ageYears: anatomy.ageYears };
}

interface Scene {
  readonly canvas: Canvas;
  readonly scratch: Canvas;
  readonly lungs: LungField;
  readonly depth: Float32Array;
  readonly markings: Float32Array;
}

function createScene(size: number, anatomy: Anatomy, acquisition: Acquisition, rng: Rng): Scene {
  const canvas = createCanvas(size, acquisition);
  const lungs = new LungField(anatomy, acquisition);
  const { depth } = drawSoftTissue(canvas, anatomy, acquisition, lungs, rng.stream('tissue'));
  const scratch = createCanvas(size, acquisition);
  return { canvas, scratch, lungs, depth, markings: new Float32Array(size * size).fill(1) };
}

/** Vessels and fine texture, inside the lungs and where the findings left them visible. */
function addMarkings(scene: Scene, anatomy: Anatomy, acquisition: Acquisition, vessels: Rng, texture: Rng): void {
  const { canvas, scratch, depth, markings } = scene;
  const lift = vessels.normal(0, 0.015);
  const prominence = clamp(vessels.normal(1, 0.2), 0.5, 1.6) * (1 + 0.35 * acquisition.expiration);
  drawVessels(scratch, anatomy, acquisition, { lift: [lift, -lift], prominence }, vessels);
  const fine = fractalNoise(texture, canvas.size, 24, 4, 0.8);
  const broad = fractalNoise(texture, canvas.size, 4, 3, 0.6);
  for (let i = 0; i < canvas.values.length; i++) {
    const d = depth[i] ?? 0;
    const lung = Math.min(1, 3 * d) * (markings[i] ?? 1);
    const added = lung * ((scratch.values[i] ?? 0) + 0.11 * (fine[i] ?? 0)) + 0.06 * (broad[i] ?? 0);
    if ((canvas.values[i] ?? 0) > 0) canvas.values[i] = (canvas.values[i] ?? 0) + added;
  }
}

export const LEAST_SEVERITY = 0.05;

/** More mild cases than plain ones. */
function drawSeverity(rng: Rng, least = LEAST_SEVERITY): number {
  return least + (1 - least) * rng.uniform() ** 1.15;
}
