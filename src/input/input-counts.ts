/** How much was read, and as what. */
export interface InputStats {
  bytes: number;
  lines: number;
  /** JSON values and forms that were looked into. */
  records: number;
  /** Of these, those that hold no event. */
  barren: number;
  events: number;
  faults: number;
  /** NUL bytes that pad the input, as after a power loss. */
  nulBytes: number;
}

/** Nothing read yet. */
export const noInputStats = (): InputStats => ({
  bytes: 0,
  lines: 0,
  records: 0,
  barren: 0,
  events: 0,
  faults: 0,
  nulBytes: 0,
});
