import { atBlock, philoxBlocks } from './philox';

/** The three philox4x32-10 rows of Random123's known-answer file: counter, key, output. */
const VECTORS = [
  '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1',
];

const hex = (words: Uint32Array): string => [...words].map((word) => word.toString(16).padStart(8, '0')).join(' ');

describe('Philox4x32-10', () => {
  it.each(VECTORS)('known answer %s', (row) => {
    const words = row.split(' ').map((word) => Number.parseInt(word, 16)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [counter0, counter1, counter2, counter3, key0, key1] = words;
    const out = new Uint32Array(4);
    philoxBlocks({ counter0, counter1, counter2, counter3, key0, key1 }, out);
    expect(hex(out)).toBe(row.split(' ').slice(6).join(' '));
  });

  it('agrees with the definition in BigInt arithmetic, also where the block number passes 2^32', () => {
    const stream = { key0: 0xffffffff, key1: 0x80000001, counter2: 0xfffffffe, counter3: 0x9e3779b9 };
    for (const first of [0, 1, 2 ** 32 - 2, 2 ** 40 + 12345, 2 ** 53 - 8]) {
      const out = new Uint32Array(16);
      philoxBlocks(atBlock(stream, first), out);
      for (let b = 0; b < 4; b++) {
        const block = BigInt(first) + BigInt(b);
        const counter = [Number(block & 0xffffffffn), Number(block >> 32n), stream.counter2, stream.counter3];
        expect([...out.subarray(4 * b, 4 * b + 4)]).toEqual(referenceBlock(counter, [stream.key0, stream.key1]));
      }
    }
  });
});

/** The paper's definition, word for word and slow. */
function referenceBlock(counter: readonly number[], key: readonly number[]): number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  const mask = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}
