import { parseNoProxy } from './no-proxy';

const straight = (text: string, url: string): boolean => parseNoProxy(text)(new URL(url));

describe('parseNoProxy', () => {
  it.each(['http://localhost:3000', 'http://127.0.0.1', 'https://127.9.9.9:8443', 'http://[::1]:80'])(
    'never sends this machine’s own %s through a proxy',
    (url) => {
      expect(straight('', url)).toBe(true);
    },
  );

  it.each([
    ['example.org', 'https://example.org'],
    ['example.org', 'https://a.b.example.org'],
    ['.example.org', 'https://a.example.org'],
    ['*.example.org', 'https://a.example.org:8443'],
    ['EXAMPLE.org', 'https://Example.ORG'],
    ['other, example.org:8443', 'https://example.org:8443'],
    ['example.org:443', 'https://example.org'],
    ['10.0.0.0/8', 'https://10.2.3.4'],
    ['fd00::/8', 'https://[fd00::7]:8443'],
    ['10.2.3.4', 'http://10.2.3.4'],
    ['fd00::7', 'http://[fd00::7]'],
    ['[fd00::7]:81', 'http://[fd00::7]:81'],
    ['*', 'https://anything.example.org'],
  ])('takes %s as meaning %s', (text, url) => {
    expect(straight(text, url)).toBe(true);
  });

  it.each([
    ['', 'https://example.org'],
    ['example.org', 'https://notexample.org'],
    ['a.example.org', 'https://example.org'],
    ['example.org:8443', 'https://example.org'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/8', 'https://ten.example.org'],
    ['3.4', 'http://10.2.3.4'],
  ])('does not take %s as meaning %s', (text, url) => {
    expect(straight(text, url)).toBe(false);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'example.org/8', 'a:b:c'])('names %s', (text) => {
    const refusal = { code: 'CLIENT.BAD_PROXY', message: expect.stringContaining(text) as string };
    expect(() => parseNoProxy(text)).toThrow(expect.objectContaining(refusal) as Error);
  });
});
