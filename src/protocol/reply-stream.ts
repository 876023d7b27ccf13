import type { OutputDefinition } from '../commands/output.ts';
import type { Progress } from '../commands/definition.ts';
import type { FailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import { ClixmlDocument, encodeClixml } from './clixml-encode.ts';
import { formatMessage, type ReplyKind } from './messages.ts';
import type { Wire } from './wire.ts';

/** Objects in one message, and characters, at most. */
const batch = { objects: 64, size: 64 * 1024 };

/**
 * The replies of one invocation, in order. Objects that are written at once travel in one message, but none waits
 * longer than the current turn of the event loop.
 */
export class ReplyStream<O = unknown> {
  readonly #id: number;
  readonly #output: OutputDefinition<O>;
  readonly #wire: Wire;
  #pending = new ClixmlDocument();
  #scheduled = false;

  constructor(id: number, output: OutputDefinition<O>, wire: Wire) {
    this.#id = id;
    this.#output = output;
    this.#wire = wire;
  }

  /** Resolves when the next object may come: a slow pipeline holds the command back, and not in memory. */
  async output(object: O | boolean): Promise<void> {
    if (typeof object === 'boolean') this.#pending.addValue(object);
    else this.#pending.addTyped(this.#output, object);
    if (this.#pending.count >= batch.objects || this.#pending.size >= batch.size) {
      this.#flush();
      await this.#wire.drained();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    }
  }

  verbose(text: string): void {
    this.#send('verbose', encodeClixml(text));
  }

  warning(text: string): void {
    this.#send('warning', encodeClixml(text));
  }

  progress({ activity, status, percent, secondsRemaining, completed }: Progress): void {
    this.#send(
      'progress',
      encodeClixml({
        Activity: activity,
        Status: status,
        Percent: percent ?? -1,
        SecondsRemaining: secondsRemaining ?? -1,
        Completed: completed ?? false,
      }),
    );
  }

  error(error: FailoverError): void {
    this.#send('error', encodeError(error));
  }

  plan({ steps, shadow }: Plan): void {
    const shown = steps.map(({ id, target, action }) => ({ Id: id, Target: target, Action: action }));
    this.#send('plan', encodeClixml({ Steps: shown, Shadow: shadow ?? false }));
  }

  done(): void {
    this.#send('done', '');
  }

  failed(error: FailoverError): void {
    this.#send('failed', encodeError(error));
  }

  #flush(): void {
    if (this.#pending.count === 0) return;
    this.#wire.write(formatMessage('output', this.#id, this.#pending.toString()));
    this.#pending = new ClixmlDocument();
  }

  #send(kind: ReplyKind, payload: string): void {
    this.#flush();
    this.#wire.write(formatMessage(kind, this.#id, payload));
  }
}

export function encodeError(error: FailoverError): string {
  return encodeClixml({
    Message: error.message,
    ErrorId: error.id,
    Category: error.category,
    Target: error.target ?? null,
    Remedy: error.remedy,
  });
}
