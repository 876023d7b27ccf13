import { constants } from 'node:os';
import { nativePath } from '../content/native-name.ts';
import { failure } from '../model/failover-error.ts';

/** An attribute's value, `missing`: the item has it not (or there is no item), `unsupported`: nor could it have. */
export type AttributeReply = Buffer | 'missing' | 'unsupported';

/** Extended attributes of Linux, which Node has no calls for; links are not followed (xattr(7)). */
export interface ExtendedAttributes {
  /** @throws Error with `code`, e.g. EACCES */
  get(path: string, name: string): AttributeReply;
  /** @throws Error with `code` */
  set(path: string, name: string, value: Buffer): void;
  /** No error where there is none. @throws Error with `code` */
  remove(path: string, name: string): void;
}

/** The kernel takes no longer value (XATTR_SIZE_MAX). */
const maximumSize = 65536;
/** The kernel makes a buffer of the size it is given for each call: nearly every value fits into this one. */
const usualSize = 512;

let loaded: Promise<ExtendedAttributes> | undefined;

/**
 * Loads libc's calls through koffi, at the first call only.
 * @throws FailoverError AclStoreMissing
 */
export function extendedAttributes(): Promise<ExtendedAttributes> {
  return (loaded ??= load());
}

async function load(): Promise<ExtendedAttributes> {
  const koffi = await import('koffi').catch((error: unknown) => {
    throw failure('AclStoreMissing.koffi', {}, { target: 'koffi', cause: error });
  });
  // node itself is linked to libc, whichever it is.
  const libc = koffi.load(null);
  const get = libc.func('int64_t lgetxattr(const char *path, str name, void *value, uint64_t size)');
  const set = libc.func(
    'int lsetxattr(const char *path, str name, const uint8_t *value, uint64_t size, int flags)',
  );
  const remove = libc.func('int lremovexattr(const char *path, str name)');
  const buffer = Buffer.alloc(maximumSize);
  const fail = (call: string, path: string, name: string): Error => {
    const number = koffi.errno();
    const code =
      Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
    return Object.assign(new Error(`${code}: ${call} ${name} '${path}'`), { code, path });
  };
  const { ENODATA, ENOENT, EOPNOTSUPP, ENOTSUP } = constants.errno;
  const isAbsence = (error: number): boolean => [ENODATA, ENOENT, EOPNOTSUPP, ENOTSUP].includes(error);
  return {
    get(path, name) {
      const native = pathOf(path);
      let length = Number(get(native, name, buffer, usualSize));
      // ERANGE, but ntfs-3g says EIO.
      if (length < 0 && !isAbsence(koffi.errno())) length = Number(get(native, name, buffer, maximumSize));
      if (length >= 0) return Buffer.from(buffer.subarray(0, length));
      const error = koffi.errno();
      if (error === ENODATA || error === ENOENT) return 'missing';
      if (error === EOPNOTSUPP || error === ENOTSUP) return 'unsupported';
      throw fail('lgetxattr', path, name);
    },
    set(path, name, value) {
      if (set(pathOf(path), name, value, value.length, 0) !== 0) throw fail('lsetxattr', path, name);
    },
    remove(path, name) {
      if (remove(pathOf(path), name) === 0) return;
      const error = koffi.errno();
      if (error !== ENODATA && error !== EOPNOTSUPP && error !== ENOTSUP)
        throw fail('lremovexattr', path, name);
    },
  };
}

/** A name that is no text goes as its bytes. */
function pathOf(path: string): string | Buffer {
  const native = nativePath(path);
  return typeof native === 'string' ? native : Buffer.concat([native, Buffer.alloc(1)]);
}
