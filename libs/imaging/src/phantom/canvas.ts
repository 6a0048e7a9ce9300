const { ceil, floor, max, min, sqrt } = Math;

/**
 * A square map of attenuation (mean free paths along the beam) in body coordinates: u to the image's right and v downwards,
 * both -1 to 1 over the image, before the pose moves the body. Structures add themselves to it.
 */
export interface Canvas {
  readonly size: number;
  /** [size, size] */
  readonly values: Float32Array;
  readonly pose: Pose;
}

/** How the body lies on the detector: a point p of the body is seen at scale * rotation(p) + shift. */
export interface Pose {
  /** Radians, clockwise on the image. */
  readonly angle: number;
  readonly scale: number;
  readonly shiftU: number;
  readonly shiftV: number;
}

export function createCanvas(size: number, pose: Pose): Canvas {
  return { size, values: new Float32Array(size * size), pose };
}

export function clearCanvas(canvas: Canvas): Canvas {
  canvas.values.fill(0);
  return canvas;
}

/** Pixels per unit of body length. */
export function pixelsPerUnit(canvas: Canvas): number {
  return (canvas.size / 2) * canvas.pose.scale;
}

/** Where a point of the body falls, pixels (pixel i covers i to i + 1). */
export function toPixels(canvas: Canvas, u: number, v: number): readonly [x: number, y: number] {
  const { angle, scale, shiftU, shiftV } = canvas.pose;
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const half = canvas.size / 2;
  return [(u * cos - v * sin + shiftU + 1) * half, (u * sin + v * cos + shiftV + 1) * half];
}

export type BodyFunction = (u: number, v: number, pixel: number) => number;

/** Adds `value(u, v)` at every pixel. */
export function addEverywhere(canvas: Canvas, value: BodyFunction): void {
  addInside(canvas, 0, 0, canvas.size, canvas.size, value);
}

/** Adds `value(u, v)` within `radius` (body units) of a point: the way to add something small. */
export function addAround(canvas: Canvas, u: number, v: number, radius: number, value: BodyFunction): void {
  const [x, y] = toPixels(canvas, u, v);
  const reach = radius * pixelsPerUnit(canvas) + 1;
  const clip = (p: number): number => min(canvas.size, max(0, p));
  addInside(
    canvas,
    clip(floor(x - reach)),
    clip(floor(y - reach)),
    clip(ceil(x + reach)),
    clip(ceil(y + reach)),
    value,
  );
}

function addInside(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, value: BodyFunction): void {
  const { size, values, pose } = canvas;
  const cos = Math.cos(pose.angle) / pose.scale;
  const sin = Math.sin(pose.angle) / pose.scale;
  const step = 2 / size;
  for (let y = y0; y < y1; y++) {
    const dv = (y + 0.5) * step - 1 - pose.shiftV;
    for (let x = x0; x < x1; x++) {
      const du = (x + 0.5) * step - 1 - pose.shiftU;
      const pixel = y * size + x;
      values[pixel] = (values[pixel] ?? 0) + value(du * cos + dv * sin, dv * cos - du * sin, pixel);
    }
  }
}

/** Cross-section of a stroke: brightness at distance `q` (1 is the edge) from its middle line. */
export type StrokeProfile = (q: number) => number;

/** Round and soft, as a vessel or a fissure. */
export const softStroke: StrokeProfile = (q) => (1 - q * q) * (1 - q * q);

/** A tube with a bright wall, as a rib: cortical bone at the edges, marrow between. */
export const tubeStroke: StrokeProfile = (q) => (q < 0.82 ? 0.55 + 0.816 * q * q * q : (1 - q) / 0.18);

export interface StrokePoint {
  readonly u: number;
  readonly v: number;
  /** Half width, body units. */
  readonly radius: number;
  readonly value: number;
}

/**
 * Draws a polyline with round ends. Where strokes on the same canvas overlap the larger value stays, so joints do not
 * show; draw on a canvas of its own and add that to get overlaps that sum.
 * A stroke thinner than a pixel is drawn a pixel wide and fainter by as much.
 */
export function stroke(canvas: Canvas, points: readonly StrokePoint[], profile: StrokeProfile): void {
  const unit = pixelsPerUnit(canvas);
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    if (from === undefined || to === undefined) continue;
    const [x0, y0] = toPixels(canvas, from.u, from.v);
    const [x1, y1] = toPixels(canvas, to.u, to.v);
    const wanted = ((from.radius + to.radius) / 2) * unit;
    const radius = max(wanted, 0.9);
    const fade = wanted / radius;
    const caps = { start: i === 1, end: i === points.length - 1 };
    drawSegment(canvas, { x0, y0, x1, y1, radius, from: from.value * fade, to: to.value * fade, ...caps }, profile);
  }
}

interface Segment {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly radius: number;
  readonly from: number;
  readonly to: number;
  /** Round end here? Not at inner joints, where a tube's wall would show across it. */
  readonly start: boolean;
  readonly end: boolean;
}

/** Overlap of neighbouring segments, pixels: closes the gap that a bend leaves on its outer side. */
const JOINT = 0.6;

function drawSegment(canvas: Canvas, segment: Segment, profile: StrokeProfile): void {
  const { size, values } = canvas;
  const { x0, y0, x1, y1, radius, from, to } = segment;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const inverse = 1 / max(dx * dx + dy * dy, 1e-9);
  const slack = JOINT * sqrt(inverse);
  const first = segment.start ? -Infinity : -slack;
  const last = segment.end ? Infinity : 1 + slack;
  const left = max(0, floor(min(x0, x1) - radius));
  const right = min(size, ceil(max(x0, x1) + radius));
  const top = max(0, floor(min(y0, y1) - radius));
  const bottom = min(size, ceil(max(y0, y1) + radius));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - x0;
      const py = y + 0.5 - y0;
      const along = (px * dx + py * dy) * inverse;
      if (along < first || along > last) continue;
      const t = min(1, max(0, along));
      const ex = px - t * dx;
      const ey = py - t * dy;
      const q = sqrt(ex * ex + ey * ey) / radius;
      if (q >= 1) continue;
      const value = (from + (to - from) * t) * profile(q);
      const pixel = y * size + x;
      if (value > (values[pixel] ?? 0)) values[pixel] = value;
    }
  }
}
