import type { Filter, FoundEvent } from "../../findings/select-events.ts";
import { eventText } from "../../input/event-text.ts";
import type { ParseError } from "../../input/json-record.ts";
import { documentItem } from "../../output/table-item.ts";
import { openPart, type PartOrder } from "../../parallel/partial-output.ts";
import type { Job } from "../../parallel/protocol.ts";

/** Hands the text of each event, as it was found, to the result. */
export function createEventWriter(add: (json: string) => void): (item: FoundEvent | ParseError) => void {
  return (item) => {
    if (item.kind === "event") add(eventText(item.found));
  };
}

/** What a thread needs to extract the events of a part of the input. */
export interface ExtractJobOptions {
  readonly filter: Filter;
  readonly part: PartOrder;
}

/** `extract` in a thread: its batches are parts of the result. */
export async function createExtractJob({ filter, part }: ExtractJobOptions): Promise<Job> {
  const result = await openPart(part, documentItem);
  const visit = createEventWriter(result.add);
  return {
    begin: () => ({ filter, visit }),
    size: result.size,
    take: () => ({ result: result.take(), transferred: [] }),
  };
}
