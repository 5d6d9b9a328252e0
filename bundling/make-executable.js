/** The compiler leaves files as data; the command is started by its name. */
import { chmodSync } from 'node:fs';

chmodSync('dist/server/cli/main.js', 0o755);
