import { spawnSync } from 'node:child_process';

/** Programs that read YAML, with what is built into them, and write JSON. */
const READERS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['python3', '-c', 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'],
  ['ruby', '-ryaml', '-rjson', '-e', 'puts JSON.generate(YAML.safe_load($stdin.read, aliases: true))'],
];

/**
 * What a YAML text says, by whichever program of this machine can read it; undefined where none
 * can.
 */
export function readYaml(text: string): unknown {
  for (const [program, ...args] of READERS) {
    const { status, stdout } = spawnSync(program, args, { input: text, encoding: 'utf8' });
    if (status === 0) return JSON.parse(stdout);
  }
  return undefined;
}
