export { BadLine, type LineOptions, type Recording } from './bad-line';
export { ConnectProxy, type ConnectProxyOptions, type Tunnel } from './connect-proxy';
export { resetSocket } from './reset-socket';
export { TcpProxy, type TcpProxyOptions } from './tcp-proxy';
export { TestAuthority, type TestCertificate } from './test-authority';
