/** Marker codes of ITU-T T.81 (JPEG), table B.1, and T.87 (JPEG-LS), that are told apart here. */
export const MARKER = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  SOF3: 0xc3,
  DHT: 0xc4,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP14: 0xee,
  SOF55: 0xf7,
} as const;

/** Start-of-frame markers: C0-CF without DHT (C4), JPG (C8) and DAC (CC); and JPEG-LS. */
export function isStartOfFrame(marker: number): boolean {
  if (marker === MARKER.SOF55) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker !== MARKER.DHT && marker !== 0xc8 && marker !== 0xcc;
}
