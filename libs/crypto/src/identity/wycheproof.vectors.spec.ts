import { readFileSync } from 'node:fs';
import path from 'node:path';
import nacl from 'tweetnacl';
import { verifyEd25519Native } from '../node/native-ed25519';
import { fromHex, toHex } from '../encoding/hex';
import { verifyEd25519 } from './ed25519';
import { x25519 } from './x25519';

const folder = path.join(__dirname, '../../../../test/vectors');
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const signatures = read('wycheproof-ed25519.json') as {
  tcId: number;
  key: string;
  msg: string;
  sig: string;
  valid: boolean;
}[];
const agreements = read('wycheproof-x25519.json') as {
  tcId: number;
  public: string;
  private: string;
  shared: string;
}[];
const zero = '00'.repeat(32);

describe('Wycheproof ed25519_test', () => {
  it('holds good and bad cases', () => {
    expect(signatures.filter((each) => each.valid)).toHaveLength(19);
    expect(signatures.filter((each) => !each.valid)).toHaveLength(61);
  });

  it.each(signatures)('test $tcId: valid $valid', ({ key, msg, sig, valid }) => {
    expect(verifyEd25519(fromHex(msg), fromHex(sig), fromHex(key))).toBe(valid);
    expect(verifyEd25519Native(fromHex(msg), fromHex(sig), fromHex(key))).toBe(valid);
  });

  it('shows where tweetnacl alone departs, so that a change of it is noticed', () => {
    const departs = signatures
      .filter(({ tcId }) => tcId >= 60 && tcId <= 73) // Odd R, S out of range, and three good ones.
      .filter(
        ({ key, msg, sig, valid }) => nacl.sign.detached.verify(fromHex(msg), fromHex(sig), fromHex(key)) !== valid,
      );
    expect(departs.map((each) => each.tcId)).toEqual([63, 64, 65, 66]);
  });
});

describe('Wycheproof x25519_test', () => {
  it.each(agreements)('test $tcId', (vector) => {
    const agree = () => toHex(x25519(fromHex(vector.private), fromHex(vector.public)));
    if (vector.shared === zero) expect(agree).toThrow(expect.objectContaining({ code: 'KEY.SMALL_ORDER' }) as Error);
    else expect(agree()).toBe(vector.shared);
  });

  it('has points of small order among its cases', () => {
    expect(agreements.filter((each) => each.shared === zero)).toHaveLength(2);
  });
});
