/** What a property of each type is in TypeScript, and what it becomes in PowerShell. */
export interface PropertyTypes {
  string: string | null; // [string]
  bool: boolean | null; // [bool]
  int: number | null; // [int]
  long: number | bigint | null; // [long]
  double: number | null; // [double]
  datetime: Date | null; // [datetime], local time in PowerShell
  timespan: number | null; // milliseconds here, [timespan] there
  'string[]': readonly string[];
  object: object;
  'object[]': readonly object[];
}

export interface PropertyDefinition {
  readonly type: keyof PropertyTypes;
  readonly help: string;
}

export interface TableColumn {
  readonly property: string;
  readonly width?: number;
  readonly align?: 'Left' | 'Right';
  readonly label?: string;
}

/** An output type: its PSTypeName, its properties and how PowerShell shows it. */
export interface OutputDefinition<O> {
  /** `IisFailover.SiteBackup`; arrives in PowerShell as `Deserialized.IisFailover.SiteBackup`. */
  readonly name: string;
  readonly properties: Readonly<Record<keyof O & string, PropertyDefinition>>;
  /** Columns of the default table; the list view shows every property. */
  readonly table: readonly TableColumn[];
}

/** An object of an output type: the values of its properties. */
export type OutputOf<P extends Readonly<Record<string, PropertyDefinition>>> = {
  readonly [K in keyof P]: PropertyTypes[P[K]['type']];
};

/** Declares an output type; its TypeScript shape follows from the properties. */
export function output<const P extends Readonly<Record<string, PropertyDefinition>>>(
  name: string,
  properties: P,
  table: readonly (TableColumn & { property: keyof P & string })[],
): OutputDefinition<OutputOf<P>> {
  return { name, properties, table };
}
