import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { TestAuthority } from './test-authority';

// Signatures differ in length, and with them the encoding: one certificate that can be read proves little.
it('an authority issues certificates that Node reads and verifies, whatever their length', () => {
  for (let turn = 0; turn < 100; turn++) {
    const authority = new TestAuthority();
    const { key, cert } = authority.issue('coordinator.test', '127.0.0.1');
    createSecureContext({ key, cert, ca: authority.cert });
    const leaf = new X509Certificate(cert);
    const root = new X509Certificate(authority.cert);
    expect([root.ca, leaf.ca, leaf.verify(root.publicKey), leaf.checkIssued(root)]).toEqual([true, false, true, true]);
    expect([leaf.checkHost('coordinator.test'), leaf.checkIP('127.0.0.1')]).toEqual(['coordinator.test', '127.0.0.1']);
    expect(leaf.verify(new X509Certificate(new TestAuthority().cert).publicKey)).toBe(false);
  }
});
