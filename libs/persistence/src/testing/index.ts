export { canRunPostgres, openTestDatabase, type TestDatabase } from './test-database';
export { type TestServer, throwAwayServer } from './throw-away-server';
