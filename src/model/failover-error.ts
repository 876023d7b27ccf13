import { errorCatalog, type ErrorCategory, type ErrorId } from './error-catalog.ts';
import { idOf, messageText, type KeyOf, type ValuesOf } from './message.ts';

export interface FailoverErrorOptions {
  /** What the error is about (a site, file, record or address): the error record's TargetObject. */
  readonly target?: string;
  readonly cause?: unknown;
}

/**
 * The only error this module reports on purpose. It has a stable id (see errorCatalog), a PowerShell
 * category and a remedy. The message names the thing and the reason; it never contains a secret.
 */
export class FailoverError extends Error {
  readonly id: ErrorId;
  readonly target: string | undefined;

  constructor(id: ErrorId, message: string, options: FailoverErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'FailoverError';
    this.id = id;
    this.target = options.target;
  }

  get category(): ErrorCategory {
    return errorCatalog[this.id].category;
  }

  get remedy(): string {
    return errorCatalog[this.id].remedy;
  }
}

export type FailureKey = KeyOf<typeof errorCatalog>;

type FailureArguments<K extends FailureKey> = keyof ValuesOf<typeof errorCatalog, K> extends never
  ? [values?: Readonly<Record<string, never>>, options?: FailoverErrorOptions]
  : [values: ValuesOf<typeof errorCatalog, K>, options?: FailoverErrorOptions];

/**
 * A failure with the text that the catalogue has for a key: `failure('SiteNotFound', { path, name }, { target })`,
 * or `failure('SiteInvalid.noName', …)` where the id has several texts.
 */
export function failure<K extends FailureKey>(
  key: K,
  ...[values, options]: FailureArguments<K>
): FailoverError {
  const text = messageText(errorCatalog, key, values ?? {});
  return new FailoverError(idOf(key) as ErrorId, text, options);
}

/** The same failure in the words of who knows more of it: which site it stopped, or what to do instead. */
export function reworded(error: FailoverError, message: string, target = error.target): FailoverError {
  return new FailoverError(error.id, message, { cause: error, ...(target === undefined ? {} : { target }) });
}

/** The error itself if it is ours, else an `Internal` one that keeps the original as its cause. */
export function toFailoverError(error: unknown, target?: string): FailoverError {
  if (error instanceof FailoverError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return failure('Cancelled', {}, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure(
    'Internal.unexpected',
    { message },
    {
      cause: error,
      ...(target === undefined ? {} : { target }),
    },
  );
}
