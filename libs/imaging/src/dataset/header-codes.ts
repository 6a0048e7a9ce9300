/** Modalities that are told apart in the index (DICOM PS3.3 C.7.3.1.1.1, PS3.16 CID 29); any other is 'OTHER'. */
const MODALITIES = new Set(
  'BI BMD CR CT DMS DR DX ECG ES FID GM HC IO IVOCT IVUS KO LS MG MR NM OAM OP OPT OT PR PT PX RF RG RTDOSE RTIMAGE RTPLAN RTSTRUCT SC SEG SM SR TG US VA VL XA XC'.split(
    ' ',
  ),
);

/** Body parts (PS3.16 Annex L) that an export for chest films is likely to hold; any other is 'OTHER'. */
const BODY_PARTS = new Set(
  'ABDOMEN ABDOMENPELVIS ANKLE ARM BREAST CHEST CHESTABDOMEN CHESTABDPELVIS CLAVICLE CSPINE ELBOW EXTREMITY FACE FINGER FOOT FOREARM HAND HEAD HEART HIP HUMERUS KNEE LEG LSPINE LUNG NECK PANCREAS PELVIS PORTABLECHEST RIB RIBS SHOULDER SKULL SPINE STERNUM THORAX TIBIA TORSO TSPINE WHOLEBODY WRIST'.split(
    ' ',
  ),
);

const VIEWS = new Set(
  'PA AP LL RL LLD RLD LLO RLO LPO RPO LAO RAO LAT LATERAL L R ML LM MLO OBL OBLIQUE LEFTLATERAL RIGHTLATERAL APSUPINE APERECT PORTABLE'.split(
    ' ',
  ),
);

/**
 * Codes of a header as the index stores them.
 *
 * Code fields are free text on many consoles, and names do get typed into them. Only words from these lists are kept;
 * anything else becomes 'OTHER', which is enough to judge the image by.
 */
export function modalityCode(text: string | null): string | null {
  return code(text, MODALITIES);
}

export function bodyPartCode(text: string | null): string | null {
  return code(text, BODY_PARTS);
}

export function viewCode(text: string | null): string | null {
  return code(text, VIEWS);
}

function code(text: string | null, known: ReadonlySet<string>): string | null {
  if (text === null || text.trim() === '') return null;
  const plain = text.toUpperCase().replace(/[\s_-]+/g, '');
  return known.has(plain) ? plain : 'OTHER';
}
