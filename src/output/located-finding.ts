import type { Raw } from "./escape.ts";

/** Where something stands in an input. */
export interface Source {
  readonly input: Raw;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly path: Raw;
}

export interface LocatedFinding {
  readonly rule: Raw;
  readonly severity: "error" | "warning" | "info";
  readonly message: Raw;
  /** What the message was made of; no format prints it. */
  readonly data?: unknown;
  readonly pointer?: Raw | undefined;
  readonly value?: Raw | undefined;
  /** Line and column in the source. */
  readonly line: number;
  readonly column: number;
  /** Line and column in the decoded response body, where the finding is about that. */
  readonly at?: BodyPosition | undefined;
}

export interface BodyPosition {
  readonly line: number;
  readonly column: number;
}

/** How the event names itself; what is absent there is absent here. */
export interface EventLabel {
  readonly id?: Raw | undefined;
  readonly type?: Raw | undefined;
  readonly callSid?: Raw | undefined;
  readonly schema?: Raw | undefined;
}
