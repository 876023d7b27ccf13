import { type TObject, type TProperties, Type } from '@sinclair/typebox';

/** Objects take no keys beyond those named here: a misspelt key must not be ignored in silence. */
export function object<P extends TProperties>(properties: P, description: string): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, description });
}

export const address = (description: string) =>
  Type.String({ description, minLength: 2, examples: ['10.1.1.1', '2001:db8::1'] });

/** What a view of zones is called in the settings, messages and the state file. */
export const viewName = (description?: string) =>
  Type.String({
    pattern: '^[A-Za-z0-9_-]{1,63}$',
    ...(description === undefined ? {} : { description }),
  });

export const secretReference = (description: string) =>
  object(
    {
      file: Type.String({
        minLength: 1,
        description:
          'File that holds the secret, readable by the account that runs the commands and by no one else. ' +
          'A relative path starts at the settings file.',
      }),
    },
    description,
  );

export const stringMap = (description: string) =>
  Type.Record(Type.String({ minLength: 1 }), Type.String(), { description });
