/** The fields of records, those of each beside one another. */
export interface Records {
  readonly ints: Int32Array<ArrayBuffer>;
  readonly floats: Float64Array<ArrayBuffer>;
}

/** Records of a fixed number of whole numbers (32 bits) and floating-point numbers (64 bits), without an object each. */
export interface Columns {
  /** A record that nobody uses; its fields hold whatever they held. */
  allocate(): number;
  /** Gives a record back. */
  free(record: number): void;
  int(record: number, field: number): number;
  setInt(record: number, field: number, value: number): void;
  float(record: number, field: number): number;
  setFloat(record: number, field: number, value: number): void;
  /** All records one behind the other, as they are now. */
  copy(): Records;
  /** One more than the highest record there ever was. */
  readonly end: number;
}

/** Records in a chunk are 2 to the power of this. */
const BITS = 12;
const MASK = (1 << BITS) - 1;
/** The first chunk begins with so many and doubles until it is whole, so that a call alone costs little. */
const MIN_CHUNK_RECORDS = 16;

/** Keeps records in chunks, so that it grows without a copy of what is there. */
export function createColumns(shape: { readonly ints: number; readonly floats: number }): Columns {
  const ints: Int32Array[] = [];
  const floats: Float64Array[] = [];
  const unused: number[] = [];
  let end = 0;
  let room = 0;

  function grow(): void {
    const size = Math.min(Math.max(MIN_CHUNK_RECORDS, room * 2), 1 << BITS);
    const chunk = end >> BITS;
    const moreInts = new Int32Array(shape.ints * size);
    const moreFloats = new Float64Array(shape.floats * size);
    moreInts.set(ints[chunk] ?? []);
    moreFloats.set(floats[chunk] ?? []);
    ints[chunk] = moreInts;
    floats[chunk] = moreFloats;
    room = (chunk << BITS) + size;
  }

  return {
    allocate() {
      const record = unused.pop();
      if (record !== undefined) return record;
      if (end === room) grow();
      return end++;
    },
    free(record) {
      unused.push(record);
    },
    int: (record, field) => (ints[record >> BITS] as Int32Array)[(record & MASK) * shape.ints + field] as number,
    setInt(record, field, value) {
      (ints[record >> BITS] as Int32Array)[(record & MASK) * shape.ints + field] = value;
    },
    float: (record, field) =>
      (floats[record >> BITS] as Float64Array)[(record & MASK) * shape.floats + field] as number,
    setFloat(record, field, value) {
      (floats[record >> BITS] as Float64Array)[(record & MASK) * shape.floats + field] = value;
    },
    copy() {
      const all = { ints: new Int32Array(shape.ints * end), floats: new Float64Array(shape.floats * end) };
      putTogether(all.ints, ints, shape.ints << BITS);
      putTogether(all.floats, floats, shape.floats << BITS);
      return all;
    },
    get end() {
      return end;
    },
  };
}

/** Copies chunks of so many numbers each, one behind the other; of the last one what there is room for. */
function putTogether<Numbers extends Int32Array | Float64Array>(
  all: Numbers,
  chunks: readonly Numbers[],
  length: number,
): void {
  for (const [index, chunk] of chunks.entries())
    all.set(chunk.subarray(0, all.length - index * length), index * length);
}
