export { canRunPostgres, openTestDatabase, type TestDatabase } from './test-database';
export { restartServer, type TestServer, throwAwayServer } from './throw-away-server';
