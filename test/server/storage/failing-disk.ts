/** A disk that is full, or fails, when a test says so. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { StorageFault } from '../../../server/storage/storage-fault.js';
import type { Scope } from '../../support/scope.js';

export interface FailingDisk {
  /** Where it is. */
  readonly folder: string;
  /** How it is done here, for the report. */
  readonly means: string;
  /** What who writes meets. */
  readonly fault: StorageFault;
  /**
   * From now on nothing more can be written.
   * @param pid whose writing fails; default this process's
   */
  fail(pid?: number): void;
  /** All is well again. Harmless where it is. */
  recover(pid?: number): void;
}

/**
 * A disk of a few megabytes that a ballast fills up: a file system in memory. Only root may make
 * one, so elsewhere a limit on the size of files stands for it, which the system imposes on a
 * process; SQLite takes that for a failing disk.
 */
export async function fullDisk(scope: Scope, megabytes = 16): Promise<FailingDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-disk-'));
  const isMounted = mount(folder, megabytes);
  const disk = isMounted ? ballasted(folder, megabytes) : limited(folder);
  scope.after(async () => {
    disk.recover();
    // Lazily: whoever was killed may hold it a moment longer.
    if (isMounted) execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return disk;
}

/** A disk that fails to write. */
export async function brokenDisk(scope: Scope): Promise<FailingDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'chalk-talk-disk-'));
  const disk = limited(folder);
  scope.after(async () => {
    disk.recover();
    await rm(folder, { recursive: true, force: true });
  });
  return disk;
}

function mount(folder: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function ballasted(folder: string, megabytes: number): FailingDisk {
  const ballast = join(folder, 'ballast');
  return {
    folder,
    means: `a disk of ${megabytes} MB in memory, full`,
    fault: 'full',
    fail() {
      const file = openSync(ballast, 'a');
      const block = Buffer.alloc(4_096);
      try {
        for (;;) writeSync(file, block);
      } catch {
        // It is full.
      } finally {
        closeSync(file);
      }
    },
    recover: () => rmSync(ballast, { force: true }),
  };
}

function limited(folder: string): FailingDisk {
  const limit = (pid: number, bytes: string) => execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
  // Where this can't be done either, the test that asked for it fails and says so.
  limit(process.pid, 'unlimited:unlimited');
  return {
    folder,
    means: 'a limit of 0 bytes on the files that the process writes (prlimit)',
    fault: 'failing',
    fail: (pid = process.pid) => void limit(pid, '0:unlimited'),
    recover: (pid = process.pid) => void limit(pid, 'unlimited:unlimited'),
  };
}
