import { type AnyCommand, commandName } from '../commands/definition.ts';
import type { Clock } from '../edge/clock.ts';
import { FailoverError, toFailoverError } from '../model/failover-error.ts';
import { decodeClixml } from './clixml-decode.ts';
import { encodeClixml } from './clixml-encode.ts';
import { Invocation } from './invocation.ts';
import { formatMessage, parseRequest, protocolVersion, type Request } from './messages.ts';
import { encodeError, ReplyStream } from './reply-stream.ts';

export interface DispatcherOptions {
  readonly commands: readonly AnyCommand[];
  /** The module's version, for hello. */
  readonly version: string;
  readonly clock: Clock;
  readonly write: (text: string) => void;
  /** What belongs to no call. */
  readonly complain: (text: string) => void;
}

/** Reads requests, runs calls side by side, and writes their replies. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #commands: ReadonlyMap<string, AnyCommand>;
  readonly #running = new Map<number, Invocation>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#commands = new Map(
      options.commands.map((command) => [commandName(command).toLowerCase(), command]),
    );
  }

  hello(): void {
    const hello = {
      Protocol: protocolVersion,
      Version: this.#options.version,
      NodeVersion: process.versions.node,
      ProcessId: process.pid,
    };
    this.#options.write(formatMessage('hello', 0, encodeClixml(hello)));
  }

  receive(line: string): void {
    try {
      const request = parseRequest(line);
      if (request !== undefined) this.#handle(request);
    } catch (error) {
      const failure = toFailoverError(error);
      const id = Number(failure.target ?? NaN);
      if (failure.id === 'ProtocolViolation' && Number.isInteger(id)) this.#fail(id, failure);
      else this.#options.complain(failure.message);
    }
  }

  /** Stops every call: PowerShell has gone. */
  cancelAll(): void {
    for (const invocation of this.#running.values()) invocation.cancel();
  }

  /** Tells every running call that the process is about to end for this reason. */
  failAll(failure: FailoverError): void {
    for (const id of this.#running.keys()) this.#fail(id, failure);
  }

  #handle({ kind, id, payload }: Request): void {
    const invocation = this.#running.get(id);
    switch (kind) {
      case 'invoke':
        this.#invoke(id, this.#decode(id, payload));
        break;
      case 'apply': {
        const approved = this.#decode(id, payload).get('Approved');
        const ids = Array.isArray(approved) ? approved.filter((step) => typeof step === 'string') : [];
        if (invocation?.settle({ approved: ids }) !== true)
          this.#options.complain(`No plan of call ${id} waits`);
        break;
      }
      case 'release':
        invocation?.settle('released');
        break;
      case 'cancel':
        invocation?.cancel(); // one that has ended meanwhile needs no cancel
        break;
    }
  }

  #invoke(id: number, call: ReadonlyMap<string, unknown>): void {
    const name = String(call.get('Command'));
    const command = this.#commands.get(name.toLowerCase());
    if (command === undefined) {
      this.#fail(
        id,
        new FailoverError('CommandUnknown', `The bundle has no command ${name}`, { target: name }),
      );
      return;
    }
    const parameters = new Map(call.get('Parameters') as Map<string, unknown>);
    const settings = {
      parameter: text(parameters.get('SettingsPath')),
      environment: text(call.get('SettingsEnvironment')),
      programData: text(call.get('ProgramData')),
    };
    parameters.delete('SettingsPath');
    const replies = new ReplyStream(id, command.output as never, this.#options.write);
    const invocation = new Invocation(replies, this.#options.clock);
    this.#running.set(id, invocation);
    void invocation.run({ command, parameters, settings }).finally(() => this.#running.delete(id));
  }

  #decode(id: number, payload: string): Map<string, unknown> {
    try {
      const [value] = decodeClixml(payload);
      if (value instanceof Map) return value as Map<string, unknown>;
    } catch {
      // The error below says as much, and must not quote the payload.
    }
    throw new FailoverError('ProtocolViolation', 'A message has no readable payload', { target: String(id) });
  }

  #fail(id: number, failure: FailoverError): void {
    this.#options.write(formatMessage('failed', id, encodeError(failure)));
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
