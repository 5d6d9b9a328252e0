import { StorageError } from '../../domain/storage.js';

/** @throws StorageError where what is to be copied is not in the form that this program has */
export function judgeForm(place: string, form: number, present: number): void {
  if (form === present) return;
  const [has, untouched] = [`${place} has form ${form}, and this version has ${present}`, 'Nothing in it was changed.'];
  if (form > present) throw new StorageError(`${has}: use the newer program. ${untouched}`);
  throw new StorageError(`${has}: after a backup, run \`chalk-talk migrate\` on it first. ${untouched}`);
}
