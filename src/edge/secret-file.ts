import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import { readRequired } from './files.ts';

/**
 * Reads a file that holds one secret; one trailing line break is not part of it.
 * @throws FailoverError SecretEmpty, FileNotFound, FileUnreadable
 */
export async function readSecretFile(path: string): Promise<Secret> {
  const text = (await readRequired(path))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
  if (text === '') throw failure('SecretEmpty', { path }, { target: path });
  return new Secret(text);
}
