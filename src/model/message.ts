/**
 * Message texts as catalogues keep them: English sentences with `{name}` where a value is put in. A key is
 * the id of an entry, or `Id.form` where one id has messages of several forms.
 */
export type Message = string | Readonly<Record<string, string>>;
export type MessageCatalog = Readonly<Record<string, { readonly message: Message }>>;

/** What may be put into a text. A Secret is none of these, so that the compiler refuses one. */
export type MessageValue = string | number | Date;

/** Each `Id` of the catalogue with one text, and each `Id.form` of those with several. */
export type KeyOf<C extends MessageCatalog> = {
  [Id in keyof C & string]: C[Id] extends { message: infer Text }
    ? Text extends string
      ? Id
      : `${Id}.${keyof Text & string}`
    : never;
}[keyof C & string];

type TextOf<Kind, Form extends string> = Kind extends { message: infer Text }
  ? Text extends string
    ? Text
    : Text[Form & keyof Text]
  : never;

export type TemplateOf<C extends MessageCatalog, K extends string> = K extends `${infer Id}.${infer Form}`
  ? TextOf<C[Id], Form>
  : TextOf<C[K], ''>;

/** 'zone' | 'server' for 'The DNS server {server} holds no zone {zone}'. */
export type PlaceholderOf<T> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

/** Exactly the values that the text of a key asks for; of a union of keys, those of all of them. */
export type ValuesOf<C extends MessageCatalog, K extends string> = Readonly<
  Record<PlaceholderOf<TemplateOf<C, K>>, MessageValue>
>;

/**
 * The text of a key with its values in place. Numbers and times read the same in every culture: digits with a
 * full stop and no grouping, ISO 8601 in UTC.
 */
export function messageText<C extends MessageCatalog, K extends string & KeyOf<C>>(
  catalog: C,
  key: K,
  values: ValuesOf<C, K>,
): string {
  const given: ReadonlyMap<string, MessageValue> = new Map(Object.entries(values));
  return templateOf(catalog, key).replace(/\{(\w+)\}/g, (_, name: string) => shown(given.get(name) ?? ''));
}

/** The id of a key: `SiteInvalid` of both `SiteInvalid` and `SiteInvalid.noName`. */

export function idOf(key: string): string {
  return key.replace(/\..*/, '');
}

/** The texts of one entry, in the order in which the catalogue has them. */
export function formsOf(message: Message): readonly string[] {
  return typeof message === 'string' ? [message] : Object.values(message);
}

/** The text of a key as the catalogue has it. */
export function templateOf(catalog: MessageCatalog, key: string): string {
  const id = idOf(key);
  const message = catalog[id]?.message;
  const template = typeof message === 'string' ? message : message?.[key.slice(id.length + 1)];
  if (template === undefined) throw new TypeError(`The catalogue has no message ${key}`);
  return template;
}

function shown(value: MessageValue): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
