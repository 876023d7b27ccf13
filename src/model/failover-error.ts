import { errorCatalog, type ErrorCategory, type ErrorId } from './error-catalog.ts';

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

/** The error itself if it is ours, else an `Internal` one that keeps the original as its cause. */
export function toFailoverError(error: unknown, target?: string): FailoverError {
  if (error instanceof FailoverError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new FailoverError('Cancelled', 'The command was stopped.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new FailoverError('Internal', `Unexpected failure: ${message}`, {
    cause: error,
    ...(target === undefined ? {} : { target }),
  });
}
