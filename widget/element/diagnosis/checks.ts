import type { Check, CheckName, Finding } from './report.js';

export function good(name: CheckName, message: string): Check {
  return { name, result: 'good', finding: 'ok', message };
}

export function bad(name: CheckName, finding: Finding, message: string): Check {
  return { name, result: 'bad', finding, message };
}

export function warning(name: CheckName, finding: Finding, message: string): Check {
  return { name, result: 'warning', finding, message };
}

export function skipped(name: CheckName, message: string): Check {
  return { name, result: 'skipped', finding: 'ok', message };
}
