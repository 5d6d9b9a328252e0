/**
 * Tests that are by their nature about one server alone, or one SQLite file, each file or folder
 * with the reason. They do not run on nodes, and the run names them. Whatever else starts a server
 * or opens storage stands on a place (test/support/place.ts) and runs on both.
 */
const ABOUT_ONE_FILE = {
  'server/storage/sqlite.test.js': 'the contract of storage on SQLite; PostgreSQL has a file of its own, in every run',
  'server/storage/sqlite/': 'how the engine in a file does it',
  'server/storage/app-on-a-failing-disk.test.js': 'the disk that fails is under the file of this process',
  'server/admin/backup.test.js': 'the running server copies its own file',
  'server/app.test.js': 'where there are other nodes people are sent to them first; see many-nodes/closing.test.ts',
  'faults/storage-faults.test.js':
    'the disk that is full is under the file, and the threads that are lost are of its engine',
  'server/config/config.test.js': 'what the environment says of a database; none is opened',
  'server/serve.test.js': 'what others may do with the file, and with those that SQLite keeps beside it',
};

/**
 * Why a test does not run on nodes; undefined where it may.
 *
 * @param {string} path below dist/test
 */
export function whyNotOnNodes(path) {
  return (
    ABOUT_ONE_FILE[path] ?? Object.entries(ABOUT_ONE_FILE).find(([of]) => of.endsWith('/') && path.startsWith(of))?.[1]
  );
}
