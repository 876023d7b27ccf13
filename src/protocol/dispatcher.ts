import { type AnyCommand, commandName } from '../commands/definition.ts';
import type { OutputDefinition } from '../commands/output.ts';
import type { Clock } from '../edge/clock.ts';
import { failure, toFailoverError } from '../model/failover-error.ts';
import { decodeClixml } from './clixml-decode.ts';
import { encodeClixml } from './clixml-encode.ts';
import { Invocation } from './invocation.ts';
import { formatMessage, parseRequest, protocolVersion, type Request, type RequestKind } from './messages.ts';
import { encodeError, ReplyStream } from './reply-stream.ts';
import type { Wire } from './wire.ts';

export interface DispatcherOptions {
  readonly commands: readonly AnyCommand[];
  /** The module's version, for hello. */
  readonly version: string;
  readonly clock: Clock;
  readonly wire: Wire;
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
    this.#commands = new Map(options.commands.map((command) => [commandName(command), command]));
  }

  hello(): void {
    const hello = {
      Protocol: protocolVersion,
      Version: this.#options.version,
      NodeVersion: process.versions.node,
      ProcessId: process.pid,
    };
    this.#options.wire.write(formatMessage('hello', 0, encodeClixml(hello)));
  }

  receive(line: string): void {
    try {
      const request = parseRequest(line);
      if (request !== undefined) this.#handle(request);
    } catch (error) {
      this.#options.complain(toFailoverError(error).message);
    }
  }

  /** Stops every call: PowerShell has gone. */
  cancelAll(): void {
    for (const invocation of this.#running.values()) invocation.cancel();
  }

  #handle(request: Request): void {
    const { id } = request;
    const invocation = this.#running.get(id);
    try {
      const kind = request.kind as RequestKind;
      switch (kind) {
        case 'invoke':
          // Two calls of one id could not be told apart by their replies.
          if (invocation !== undefined) throw failure('ProtocolViolation.callRuns', { id });
          this.#invoke(id, decodeTable(request.payload));
          break;
        case 'apply':
          invocation?.settle({ approved: texts(decodeTable(request.payload).get('Approved')) });
          break;
        case 'release':
          invocation?.settle('released');
          break;
        case 'cancel':
          invocation?.cancel(); // one that has ended meanwhile needs no cancel
          break;
        default:
          throw failure('ProtocolViolation.kind', { kind: String(kind) });
      }
    } catch (error) {
      const problem = toFailoverError(error);
      if (invocation === undefined)
        this.#options.wire.write(formatMessage('failed', id, encodeError(problem)));
      else invocation.cancel(problem);
    }
  }

  #invoke(id: number, call: ReadonlyMap<string, unknown>): void {
    const name = String(call.get('Command'));
    const command = this.#commands.get(name);
    if (command === undefined) throw failure('CommandUnknown', { name }, { target: name });
    const bound = call.get('Parameters');
    if (!(bound instanceof Map)) throw failure('ProtocolViolation.noParameters');
    const parameters = new Map(bound as Map<string, unknown>);
    const settings = {
      parameter: text(parameters.get('SettingsPath')),
      environment: text(call.get('SettingsEnvironment')),
      programData: text(call.get('ProgramData')),
    };
    parameters.delete('SettingsPath');
    const replies = new ReplyStream(id, command.output as OutputDefinition<unknown>, this.#options.wire);
    const invocation = new Invocation(replies, this.#options.clock);
    this.#running.set(id, invocation);
    const whatIf = call.get('WhatIf') === true;
    void invocation.run({ command, parameters, settings, whatIf }).finally(() => this.#running.delete(id));
  }
}

/** The one hashtable that a request carries. */
function decodeTable(payload: string): Map<string, unknown> {
  const [value] = decodeClixml(payload);
  if (!(value instanceof Map)) throw failure('ProtocolViolation.noTable');
  return value as Map<string, unknown>;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw failure('ProtocolViolation.noSteps');
  return value;
}
