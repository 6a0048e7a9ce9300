import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

const IMAGE_EXTENSIONS = new Set(['.dcm', '.dicom', '.dic', '.ima', '.png', '.jpg', '.jpeg']);
const OTHER_EXTENSIONS = new Set([
  ...[
    '.csv',
    '.tsv',
    '.txt',
    '.md',
    '.json',
    '.xml',
    '.html',
    '.pdf',
    '.doc',
    '.docx',
    '.xls',
    '.xlsx',
    '.yaml',
    '.yml',
  ],
  ...[
    '.gz',
    '.zst',
    '.zip',
    '.tar',
    '.7z',
    '.rar',
    '.npz',
    '.npy',
    '.db',
    '.log',
    '.py',
    '.ini',
    '.inf',
    '.exe',
    '.lnk',
  ],
]);

/**
 * Whether a file is to be imported.
 *
 * Known extensions decide; for the rest (DICOM exports name files by UID or number, without extension) the first bytes do:
 * 'DICM' after the preamble, a PNG or JPEG signature, or a first element of group 0002 or 0008, with which DICOM data sets
 * without preamble begin. An image file with a wrong content still counts, and is quarantined as unreadable.
 */
export function isImageCandidate(file: string): boolean {
  const base = path.basename(file);
  if (base.startsWith('.') || /^(dicomdir|thumbs\.db|desktop\.ini)$/i.test(base)) return false;
  const extension = path.extname(base).toLowerCase();
  if (IMAGE_EXTENSIONS.has(extension)) return true;
  if (OTHER_EXTENSIONS.has(extension)) return false;
  return hasImageSignature(firstBytes(file, 132));
}

function hasImageSignature(bytes: Buffer): boolean {
  if (bytes.length >= 132 && bytes.toString('latin1', 128, 132) === 'DICM') return true;
  if (bytes.length < 8) return false;
  if (bytes.readUInt32BE(0) === 0x89504e47) return true;
  if (bytes.readUInt16BE(0) === 0xffd8 && bytes[2] === 0xff) return true;
  const group = bytes.readUInt16LE(0);
  return (group === 0x0002 || group === 0x0008) && bytes.readUInt16LE(2) <= 0x0018;
}

/** Up to `length` bytes from the start; none when the file cannot be opened, which makes it no candidate. */
function firstBytes(file: string, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return Buffer.alloc(0);
  }
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}
