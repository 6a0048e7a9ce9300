const MASKED = 0x80;

/**
 * Payloads of the frames that a WebSocket client sent (RFC 6455, section 5.2), unmasked: on the wire they are XORed with a key
 * in the frame, so that a search of the raw bytes would find nothing in them.
 *
 * @param bytes what follows the client's upgrade request; an incomplete frame at the end is taken as far as it goes
 */
export function webSocketPayloads(bytes: Buffer): Buffer {
  const payloads: Buffer[] = [];
  let offset = 0;
  while (offset + 2 <= bytes.length) {
    const masked = ((bytes[offset + 1] ?? 0) & MASKED) !== 0;
    let length = (bytes[offset + 1] ?? 0) & 0x7f;
    offset += 2;
    if (length === 126) {
      if (offset + 2 > bytes.length) break;
      length = bytes.readUInt16BE(offset);
      offset += 2;
    } else if (length === 127) {
      if (offset + 8 > bytes.length) break;
      length = Number(bytes.readBigUInt64BE(offset));
      offset += 8;
    }
    const key = masked ? bytes.subarray(offset, offset + 4) : Buffer.alloc(4);
    if (masked) offset += 4;
    const payload = Buffer.from(bytes.subarray(offset, offset + length));
    for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (key[i & 3] ?? 0);
    payloads.push(payload);
    offset += length;
  }
  return Buffer.concat(payloads);
}
