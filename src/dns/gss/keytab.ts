import { readRequired } from '../../edge/files.ts';
import { failure } from '../../model/failover-error.ts';

/**
 * Makes sure that a file is a keytab: format version 2 begins with 05 02, version 1 with 05 01 (MIT Kerberos, "Keytab
 * file format"). The library's own message names no file.
 * @throws FailoverError GssKeytabInvalid, FileNotFound, FileUnreadable
 */
export async function checkKeytab(path: string): Promise<string> {
  const bytes = await readRequired(path);
  if (bytes[0] !== 5 || (bytes[1] !== 1 && bytes[1] !== 2) || bytes.length < 8)
    throw failure('GssKeytabInvalid', { path }, { target: path });
  return path;
}
