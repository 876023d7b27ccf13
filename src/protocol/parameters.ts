import type { AnyCommand, ParameterDefinition } from '../commands/definition.ts';
import { commandName } from '../commands/definition.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import { TimeSpan } from './time-span.ts';

/**
 * The parameters of a call as the command's definition wants them. PowerShell has checked them before; this is for
 * whoever speaks the protocol otherwise. Secrets are wrapped here, before anything can print them.
 * @throws FailoverError ParameterInvalid; the message never has the value, which may be a secret
 */
export function bindParameters(
  command: AnyCommand,
  values: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  const definitions = command.parameters as Readonly<Record<string, ParameterDefinition>>;
  for (const name of values.keys())
    if (!Object.hasOwn(definitions, name)) throw invalid(command, name, 'is not a parameter');
  const bound: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const value = values.get(name);
    if (value !== undefined && value !== null) bound[name] = convert(command, name, definition, value);
    else if (definition.mandatory === true) throw invalid(command, name, 'is missing');
  }
  return bound;
}

function convert(
  command: AnyCommand,
  name: string,
  definition: ParameterDefinition,
  value: unknown,
): unknown {
  const wrong = (form: string): FailoverError => invalid(command, name, `is not ${form}`);
  switch (definition.type) {
    case 'string':
    case 'path': {
      if (typeof value !== 'string') throw wrong('a text');
      const { choices } = definition;
      if (choices === undefined) return value;
      const choice = choices.find((one) => one.toLowerCase() === value.toLowerCase());
      if (choice === undefined) throw wrong(`one of ${choices.join(', ')}`);
      return choice;
    }
    case 'string[]':
    case 'path[]':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
        throw wrong('a list of texts');
      return value;
    case 'int': {
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong('a whole number');
      const [low, high] = definition.range ?? [-Infinity, Infinity];
      if (value < low || value > high) throw wrong(`between ${low} and ${high}`);
      return value;
    }
    case 'switch':
      if (typeof value !== 'boolean') throw wrong('true or false');
      return value;
    case 'hashtable':
      if (!(value instanceof Map)) throw wrong('a hashtable');
      return value;
    case 'securestring':
      if (typeof value !== 'string') throw wrong('a secure string');
      return new Secret(value);
    case 'credential': {
      const [userName, password] = value instanceof Map ? [value.get('UserName'), value.get('Password')] : [];
      if (typeof userName !== 'string' || typeof password !== 'string') throw wrong('a credential');
      return { userName, password: new Secret(password) };
    }
    case 'credentials':
      if (!(value instanceof Map)) throw wrong('a hashtable of credentials');
      return new Map([...value].map(([key, one]) => [String(key), credentialOf(one, wrong)]));
    case 'datetime':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong('a date and time');
      return value;
    case 'timespan':
      if (!(value instanceof TimeSpan)) throw wrong('a time span');
      return value.milliseconds;
  }
}

/** A credential, or a password without a user name. */
function credentialOf(
  value: unknown,
  wrong: (form: string) => FailoverError,
): { userName?: string; password: Secret } {
  const [userName, password] = value instanceof Map ? [value.get('UserName'), value.get('Password')] : [];
  if (typeof password !== 'string') throw wrong('a hashtable of credentials');
  return { ...(typeof userName === 'string' && { userName }), password: new Secret(password) };
}

function invalid(command: AnyCommand, name: string, why: string): FailoverError {
  return failure(
    'ParameterInvalid.bound',
    { command: commandName(command), parameter: name, why },
    { target: name },
  );
}
