import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { systemIo } from "../../../src/io.ts";
import { type Journal, openJournal } from "../../../src/webhook/journal/journal.ts";
import type { Files } from "../../../src/webhook/journal/journal-files.ts";
import { type RecordedRequest, toRecordedRequest, toRecordLine } from "../../../src/webhook/webhook-request.ts";

const { pid, isRunning } = systemIo();

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-journal-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What the command opens a record with. */
export const owner = { pid, isRunning, now: () => Date.parse("2026-11-23T12:00:00Z") };

export const open = (path: string, files?: Files): Promise<Journal> =>
  openJournal(path, { ...owner, ...(files && { files }) });

/** A request whose body is the text. */
export const request = (body: string | Buffer): RecordedRequest => ({
  receivedAt: Date.parse("2026-11-23T11:59:00Z"),
  method: "POST",
  url: "/",
  headers: { "content-type": "application/json" },
  signature: "ok",
  body: Buffer.from(body),
});

/** A line whose body tells its number. */
export const line = (number: number): Buffer => toRecordLine(request(`{"number":${number}}`));

/** The requests in a record, each line of which must be one. */
export function requestsIn(path: string): RecordedRequest[] {
  const text = readFileSync(path, "utf8");
  if (text !== "" && !text.endsWith("\n")) throw new Error(`${path} ends in the midst of a line`);
  return text
    .split("\n")
    .slice(0, -1)
    .map((each) => {
      const found = toRecordedRequest(JSON.parse(each));
      if (found === undefined) throw new Error(`no request: ${each}`);
      return found;
    });
}

/** The numbers of the lines in a record, as `line` made them. */
export const numbersIn = (path: string): number[] =>
  requestsIn(path).map(({ body }) => JSON.parse(body.toString()).number);

/** What was rejected and why: the lines of FILE.rejected. */
export const rejectedIn = (path: string): { readonly reason: string | undefined; readonly body: string }[] =>
  requestsIn(`${path}.rejected`).map(({ rejected, body }) => ({ reason: rejected, body: body.toString() }));
