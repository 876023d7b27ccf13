import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Where messages go. */
export interface Wire {
  write(message: string): void;
  /** Resolves when PowerShell has taken enough for more to be worth writing. */
  drained(): Promise<void>;
}

export function wireTo(stream: Writable): Wire {
  return {
    write: (message) => void stream.write(message),
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, 'drain');
    },
  };
}
