/** One broken keyword, as ajv reports it. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON Pointer from the value that was judged. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** True when the value fits; else `errors` holds the faults until the next call. */
export interface Validate {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** Written by scripts/build/schemas.js from the JSON files of this folder, by name and version: "Voice.WebhookEvent/2". */
export const validators: Readonly<Record<string, Validate>>;
