import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RuleName } from "../../../../src/findings/rules.ts";
import { readForm } from "../../../../src/webhook/form.ts";
import { type Cause, diagnose, toFinding } from "../../../../src/webhook/signature/diagnose/diagnose.ts";
import type { DiagnosedRequest } from "../../../../src/webhook/signature/diagnose/url-mismatch.ts";
import {
  checkSignature,
  hashOf,
  sign,
  signedUrlFor,
  signRequest,
} from "../../../../src/webhook/signature/signature.ts";
import { cpuSince } from "../../../cpu.ts";

const token = "12345";
const formType = "application/x-www-form-urlencoded; charset=UTF-8";
const url = "https://ivr.example.com/voice/status?tenant=7";
const call =
  "CallSid=CA9&AccountSid=AC7&CallStatus=completed&From=%2B14155550100&To=%2B14155550101&FromCity=&CallerCity=&FromState=CA&" +
  "CallerState=CA&FromZip=&CallerZip=&FromCountry=US&CallerCountry=US&ToCity=&CalledCity=&ToState=&CalledState=&ToZip=&" +
  "CalledZip=&ToCountry=US&CalledCountry=US&SpeechResult=to%20be%20sure%20";
const events =
  '[{"specversion":"1.0","id":"EZ1","data":{"name":"Zoë","price":1.50,"path":"a/b","list":[],"map":{"b":1,"a":2}}}]';

type Change = Partial<Omit<DiagnosedRequest, "headers">> & { readonly headers?: Record<string, string> };

/** A request as Twilio signs it for the URL, then changed on its way to where it is checked. */
function sent(signedFor: string, body: string | Buffer, type: string, change: Change = {}, method = "POST") {
  const bytes = Buffer.from(body as string);
  const headers: Record<string, string> = { "content-type": type, host: "10.0.0.4:3000" };
  const { url: to, signature } = signRequest(token, signedFor, { method, headers, body: bytes });
  const request: DiagnosedRequest = {
    method,
    url: to.replace(/^\w+:\/\/[^/]*/, ""),
    body: bytes,
    ...change,
    headers: { ...headers, "x-twilio-signature": signature, ...change.headers },
  };
  return { to, request };
}

const form = (signedFor: string, change?: Change, body = call) => sent(signedFor, body, formType, change);
const json = (change?: Change, body: string | Buffer = events) => sent(url, body, "application/json", change);

/** The changes of the one cause that says what was found by trying. */
function changesOf(causes: readonly Cause[]): readonly (readonly [string, string?])[] {
  const [first] = causes;
  expect(first).toMatchObject({ rule: "signature-mismatch", data: { fault: "changed" } });
  if (first?.rule !== "signature-mismatch" || first.data.fault !== "changed") return [];
  return first.data.changes.map(({ change, detail }) => (detail === undefined ? [change] : [change, detail]));
}

describe("another URL", () => {
  /** What Twilio calls, what the app takes for its URL, what differs. */
  const table: readonly (readonly [twilio: string, app: string, changes: readonly (readonly [string, string?])[]])[] = [
    [url, url.replace("https", "http"), [["scheme-https"]]],
    [url.replace("https", "http"), url, [["scheme-http"]]],
    [url.replace("/status", "/status/"), url, [["slash-added"]]],
    [url, url.replace("/status", "/status/"), [["slash-removed"]]],
    ["https://ivr.example.com/", "https://ivr.example.com/voice", [["path"]]],
    [url, url.replace("?tenant=7", ""), [["query-restored"]]],
    [url.replace("?tenant=7", ""), url, [["query-dropped"]]],
    ["https://ivr.example.com/v?b=1&a=2", "https://ivr.example.com/v?a=2&b=1", [["query-arrived"]]],
    ["https://ivr.example.com/a%20b", "https://ivr.example.com/a b/c", [["path"]]],
    [url, "https://10.0.0.4:3000/status?tenant=7", [["forwarded-host", "ivr.example.com"], ["path"]]],
    [url, "http://ivr.example.com:3000/voice/status?tenant=7", [["scheme-https"], ["port-removed", "3000"]]],
    [url.replace("https", "http"), url.replace("/status", "/status/"), [["scheme-http"], ["slash-removed"]]],
    [url.replace("/status", "/status/"), url.replace("https", "http"), [["scheme-https"], ["slash-added"]]],
    [url, "http://ivr.example.com/voice/status", [["scheme-https"], ["query-restored"]]],
    [
      url,
      "http://ivr.example.com:3000/voice/status/?tenant=7",
      [["scheme-https"], ["port-removed", "3000"], ["slash-removed"]],
    ],
    [url, "https://localhost/voice/status?tenant=7", [["forwarded-host", "ivr.example.com"]]],
    [url, "http://10.0.0.4:3000/voice/status?tenant=7", [["scheme-https"], ["forwarded-host", "ivr.example.com"]]],
  ];

  test.each(table)("%s is called, %s is checked", (twilio, app, changes) => {
    const { request } = form(twilio, { headers: { "x-forwarded-host": "ivr.example.com" } });
    expect(checkSignature(request, [app], [token]).state).toBe("bad");
    expect(changesOf(diagnose(request, [app], [token]))).toEqual(changes);
    const [cause] = diagnose(request, [app], [token]);
    expect(cause).toMatchObject({ data: { signed: twilio } });
  });

  test.each([
    ["https://ivr.example.com/a?b=x+y%2Fz", "https://ivr.example.com/a?b=x y/z", "query-encoded"],
    ["https://ivr.example.com/a?b=x/y", "https://ivr.example.com/a?b=x%2Fy", "query-decoded"],
    ["https://ivr.example.com/a?a=1&b=2", "https://ivr.example.com/a?b=2&a=1", "query-sorted"],
    ["https://ivr.example.com/a%2Cb", "https://ivr.example.com/a,b", "path-encoded"],
    ["https://ivr.example.com/a,b", "https://ivr.example.com/a%2Cb", "path-decoded"],
  ])("%s is called, %s is checked, and nothing of the request tells so", (twilio, app, change) => {
    const { url: _, ...request } = form(twilio).request;
    expect(checkSignature(request, [app], [token]).state).toBe("bad");
    expect(changesOf(diagnose(request, [app], [token]))).toEqual([[change]]);
  });

  test("a port that only the Host header tells", () => {
    const { request } = form(url.replace(".com", ".com:8443"), { headers: { host: "ivr.example.com:8443" } });
    expect(changesOf(diagnose(request, [url], [token]))).toEqual([["port-added", "8443"]]);
  });

  test("the host of the Host header, where the given one differs", () => {
    const { request } = form(url, { headers: { host: "ivr.example.com" } });
    expect(changesOf(diagnose(request, [url.replace("ivr.", "app.")], [token]))).toEqual([["host", "ivr.example.com"]]);
  });

  test("no host is guessed", () => {
    const { request } = form(url);
    expect(diagnose(request, [url.replace("ivr.", "app.")], [token])).toMatchObject([
      { rule: "signature-mismatch", data: { fault: "unknown", account: "AC7" } },
    ]);
  });

  test("a fragment that was signed", () => {
    const given = `${url}#rc=3`;
    const { request } = form(url, {
      headers: { "x-twilio-signature": sign(token, given, readForm(Buffer.from(call))) },
    });
    expect(changesOf(diagnose(request, [given], [token]))).toEqual([["fragment"]]);
  });

  test("JSON: the query with the hash was lost", () => {
    const { request } = json({ url: "/voice/status" });
    const bare = url.replace("?tenant=7", "");
    const lost = sent(bare, events, "application/json", { url: "/voice/status" }).request;
    expect(changesOf(diagnose(lost, [bare], [token]))).toEqual([["query-restored"]]);
    expect(changesOf(diagnose(request, [url], [token]))).toEqual([["query-restored"]]);
  });

  test("JSON: another scheme, and the body is as it was", () => {
    const { request, to } = json();
    expect(changesOf(diagnose(request, [to.replace("https", "http")], [token]))).toEqual([["scheme-https"]]);
  });

  test("the secondary token explains as the primary one does", () => {
    const { request } = form(url);
    expect(changesOf(diagnose(request, [url.replace("https", "http")], ["other", token]))).toEqual([["scheme-https"]]);
  });
});

describe("another form", () => {
  /** The body as it came, what was done to it on its way. */
  const table: readonly (readonly [
    what: string,
    arrived: string,
    type: string,
    change: string,
    detail: string | undefined,
  ])[] = [
    ["trimmed", call.replace("sure%20", "sure"), formType, "trimmed", "SpeechResult"],
    ["empty ones dropped", call.replace(/\w+=&/g, ""), formType, "empty-dropped", undefined],
    ["a line break added", `${call}\n`, formType, "newline", undefined],
    ["plus not encoded", call.replaceAll("%2B", "+"), formType, "plus", undefined],
    ["read as JSON", call, "application/json", "as-form", "application/json"],
    ["read as text", call, "text/plain", "as-form", "text/plain"],
  ];

  test.each(table)("%s", (_, arrived, type, change, detail) => {
    const { request } = form(url, { body: Buffer.from(arrived), headers: { "content-type": type } });
    const [found] = changesOf(diagnose(request, [url], [token]));
    expect(found?.[0]).toBe(change);
    if (detail !== undefined) expect(found?.[1]).toBe(detail);
  });

  test("the empty parameters that were dropped are named", () => {
    const { request } = form(url, { body: Buffer.from(call.replace(/(?:From|Caller)(?:City|Zip)=&/g, "")) });
    const [found] = changesOf(diagnose(request, [url], [token]));
    expect(found).toEqual(["empty-dropped", "CallerCity, FromCity, CallerZip, FromZip"]);
  });

  test.each([
    ["utf8-twice", "Body=%C3%83%C2%A9t%C3%83%C2%A9"],
    ["latin1", "Body=%E9t%E9"],
  ])("%s", (change, arrived) => {
    const { request } = form(url, { body: Buffer.from(arrived) }, "Body=%C3%A9t%C3%A9");
    expect(changesOf(diagnose(request, [url], [token]))).toEqual([[change]]);
  });

  test("in a charset that nothing brings back", () => {
    const { request } = form(url, { body: Buffer.from("Body=%FFt") }, "Body=%C3%A9t%C3%A9");
    expect(diagnose(request, [url], [token])).toMatchObject([{ data: { fault: "not-utf8" } }]);
  });

  test("JSON that is called a form", () => {
    const { request, to } = json({ headers: { "content-type": formType } });
    // The hash in the URL settles it where there is one; where the signer left it out, only the doctor can tell.
    expect(checkSignature(request, [to], [token]).state).toBe("ok");
    const signature = sign(token, url);
    const bare = { ...request, headers: { ...request.headers, "x-twilio-signature": signature } };
    expect(changesOf(diagnose(bare, [url], [token]))).toEqual([["json-as-form"]]);
  });

  test("only the URL was signed, as for a GET", () => {
    const { request } = sent(url, "", formType, { method: "POST", body: Buffer.from("a=1") }, "GET");
    expect(changesOf(diagnose(request, [url], [token]))).toEqual([["no-parameters"]]);
  });

  test("a trimmed value and another scheme", () => {
    const { request } = form(url, { body: Buffer.from(`${call}\n`) });
    const changes = changesOf(diagnose(request, [url.replace("https", "http")], [token]));
    expect(changes).toEqual([["scheme-https"], ["newline"]]);
  });

  const signers: readonly (readonly [change: string, body: string, text: string])[] = [
    ["signed-trimmed", "b=+x+&a=1", "a1bx"],
    ["signed-filled", "b=&a=1", "a1"],
    ["signed-unsorted", "b=2&a=1", "b2a1"],
    ["signed-caseless", "B=2&c=3&a=1", "a1B2c3"],
    ["signed-repeats", "b=2&a=1&a=1", "a1a1b2"],
    ["signed-last", "b=2&a=1&a=3", "a3b2"],
  ];

  test.each(signers)("%s: a signer of one's own", (change, body, text) => {
    const { request } = form(url, { headers: { "x-twilio-signature": sign(token, url + text) } }, body);
    expect(changesOf(diagnose(request, [url], [token]))).toEqual([[change]]);
  });

  test("names that no separator guards are told", () => {
    const { request } = form(url, { headers: { "x-twilio-signature": sign(token, "x") } }, "a+b=1&c%26d=2&To=3");
    expect(diagnose(request, [url], [token])).toContainEqual({
      rule: "signature-mismatch",
      data: { fault: "names", names: ["a b", "c&d"] },
    });
  });
});

describe("another body", () => {
  const value = JSON.parse(events);
  const sortedKeys =
    '[{"data":{"list":[],"map":{"a":2,"b":1},"name":"Zoë","path":"a/b","price":1.5},"id":"EZ1","specversion":"1.0"}]';
  const python = events
    .replaceAll('","', '", "')
    .replaceAll(":", ": ")
    .replaceAll(',"', ', "')
    .replaceAll(', "', ', "');

  /** The body as Twilio sent it and as it came, and how the first is made of the second. */
  const table: readonly (readonly [
    what: string,
    twilio: string | Buffer,
    arrived: string | Buffer,
    as: readonly string[],
  ])[] = [
    ["pretty-printed", events, pretty(events, 2), ["compact"]],
    ["indented by 4", events, pretty(events, 4), ["compact"]],
    ["written by Python, ASCII only", events, python.replace("ë", "\\u00eb"), ["compact", "unescaped"]],
    ["sent by Python, parsed by Node", python, events, ["spaced"]],
    ["sent indented", pretty(events, 2), events, ["indented-2"]],
    ["sent indented by tabs", pretty(events, "\t"), events, ["indented-tab"]],
    ["sent as ASCII", events.replace("ë", "\\u00eb"), events, ["compact", "ascii-only"]],
    [
      "sent by PHP",
      events.replace("ë", "\\u00eb").replace("a/b", "a\\/b"),
      events,
      ["compact", "ascii-only", "slashes-escaped"],
    ],
    ["keys in another order", sortedKeys, JSON.stringify(value), ["sorted", "compact"]],
    ["taken out of its array", events, events.slice(1, -1), ["in-array", "compact"]],
    ["put into an array", events.slice(1, -1), events, ["out-of-array", "compact"]],
    ["a line break added", events, `${events}\n`, ["newline-removed"]],
    ["a line break removed", `${events}\n`, events, ["newline-added"]],
    ["CRLF", pretty(events, 2), pretty(events, 2).replaceAll("\n", "\r\n"), ["lf"]],
    ["LF", pretty(events, 2).replaceAll("\n", "\r\n"), pretty(events, 2), ["crlf"]],
    ["a byte order mark", events, `\ufeff${events}`, ["mark-removed"]],
    ["no byte order mark", `\ufeff${events}`, events, ["mark-added"]],
    ["encoded twice", events, Buffer.from(Buffer.from(events).toString("latin1")), ["utf8-once"]],
    ["decoded as ISO-8859-1", Buffer.from(events, "latin1"), events, ["latin1"]],
    ["encoded as ISO-8859-1", events, Buffer.from(events, "latin1"), ["utf8"]],
  ];

  test.each(table)("%s", (_, twilio, arrived, as) => {
    const { request, to } = json({ body: Buffer.from(arrived as string) }, twilio);
    expect(checkSignature(request, [to], [token])).toEqual({ state: "bad", reason: "body" });
    expect(diagnose(request, [to], [token])).toEqual([{ rule: "signature-body", data: { fault: "rewritten", as } }]);
  });

  test("cut off, by what Content-Length tells", () => {
    const { request, to } = json({ body: Buffer.from(events.slice(0, 50)), headers: { "content-length": "126" } });
    expect(diagnose(request, [to], [token])).toEqual([
      { rule: "signature-body", data: { fault: "length", bytes: 50, sent: 126 } },
    ]);
  });

  test("bytes that were no UTF-8 are lost", () => {
    const { request, to } = json({ body: Buffer.from('["\ufffd\ufffd"]') }, Buffer.from('["\xe9\xe9"]', "latin1"));
    expect(diagnose(request, [to], [token])).toEqual([
      { rule: "signature-body", data: { fault: "replaced", characters: 2 } },
    ]);
  });

  test("forged", () => {
    const body = Buffer.from(events.replace("EZ1", "EZ2"));
    const { request, to } = json({ body });
    const data = { fault: "changed", bytes: body.length, found: hashOf(body), signed: hashOf(Buffer.from(events)) };
    expect(diagnose(request, [to], [token])).toEqual([{ rule: "signature-body", data }]);
  });

  test("a hash in capitals", () => {
    const at = signedUrlFor(url, Buffer.from(events)).replace(/[0-9a-f]{64}$/, (hash) => hash.toUpperCase());
    const { request } = json({ headers: { "x-twilio-signature": sign(token, at) } });
    expect(diagnose(request, [at], [token])).toEqual([{ rule: "signature-body", data: { fault: "spelling" } }]);
  });

  test("two hashes, and none", () => {
    const { request, to } = json();
    const { url: _, ...unplaced } = request;
    expect(changesOf(diagnose(request, [`${to}&bodySHA256=1`], [token]))).toEqual([["query-arrived"]]);
    expect(diagnose(unplaced, [`${to}&bodySHA256=1`], [token])).toEqual([
      { rule: "signature-body", data: { fault: "several" } },
    ]);
    const unsigned = json({ headers: { "x-twilio-signature": sign("other", url) } }).request;
    expect(diagnose(unsigned, [url], [token])).toEqual([{ rule: "signature-body", data: { fault: "uncovered" } }]);
  });

  test("both another URL and another body are told", () => {
    const { request, to } = json({ body: Buffer.from(pretty(events, 2)) });
    const causes = diagnose(request, [to.replace("https", "http")], [token]);
    expect(changesOf(causes)).toEqual([["scheme-https"]]);
    expect(causes[1]).toEqual({ rule: "signature-body", data: { fault: "rewritten", as: ["compact"] } });
  });

  test("nothing is wrong but the token: the body is as it was sent", () => {
    const { request, to } = json();
    expect(diagnose(request, [to], ["another"])).toMatchObject([{ data: { fault: "unknown", isBodyIntact: true } }]);
  });
});

describe("the header", () => {
  const { request, to } = form(url);
  const signature = request.headers["x-twilio-signature"] ?? "";
  const withHeader = (value: string): readonly Cause[] =>
    diagnose({ ...request, headers: { ...request.headers, "x-twilio-signature": value } }, [to], [token]);

  test.each([
    [`${signature}, ${signature}`, "repeated"],
    [signature.slice(0, 20), "malformed"],
    [`"${signature}"`, "quoted"],
    [signature.slice(0, -1), "malformed"],
  ])("%s", (value, fault) => expect(withHeader(value)).toEqual([{ rule: "signature-mismatch", data: { fault } }]));

  test("a plus sign that came to be a blank", () => {
    const made = Array.from({ length: 200 }, (_, index) => form(`${url}&n=${index}`)).find(({ request: { headers } }) =>
      headers["x-twilio-signature"]?.includes("+"),
    );
    const spoiled = made?.request.headers["x-twilio-signature"]?.replaceAll("+", " ") ?? "";
    const blank = { ...request, headers: { ...request.headers, "x-twilio-signature": spoiled } };
    expect(diagnose(blank, [made?.to ?? ""], [token])).toEqual([
      { rule: "signature-mismatch", data: { fault: "blank" } },
    ]);
  });

  test("missing, empty, and no URL to check", () => {
    const { "x-twilio-signature": _, ...headers } = request.headers;
    expect(diagnose({ ...request, headers }, [to], [token])).toEqual([
      { rule: "signature-missing", data: { isEmpty: false } },
    ]);
    expect(withHeader("")).toEqual([{ rule: "signature-missing", data: { isEmpty: true } }]);
    expect(diagnose(request, [], [token])).toEqual([{ rule: "signature-mismatch", data: { fault: "no-url" } }]);
    expect(diagnose(request, [to], [])).toEqual([]);
    expect(diagnose(request, [to], [token])).toEqual([]);
  });
});

test("whatever comes, there is a cause where the signature does not hold, its sentence holds no token, and it is soon found", {
  timeout: 60_000,
}, () => {
  const secret = "s3cr3t-t0k3n";
  const headers = fc.record(
    {
      "content-type": fc.constantFrom(formType, "application/json", ""),
      host: fc.string(),
      "x-forwarded-host": fc.string(),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(fc.uint8Array(), fc.json(), fc.webQueryParameters());
  const start = process.cpuUsage();
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      headers,
      body,
      fc.webUrl({ withQueryParameters: true }),
      (given, names, bytes, at) => {
        const request = {
          method: "POST",
          url: at,
          headers: { ...names, "x-twilio-signature": given },
          body: Buffer.from(bytes as string),
        };
        const causes = diagnose(request, [at], [secret]);
        expect(causes.length).toBeGreaterThan(0);
        for (const cause of causes) {
          const { message, rule } = toFinding(cause);
          expect(message).not.toContain(secret);
          expect(["signature-missing", "signature-mismatch", "signature-body"] satisfies RuleName[]).toContain(rule);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(cpuSince(start)).toBeLessThan(60_000);
});

test("a form of 4 MiB takes no more than a second", () => {
  const large = `${call}&Body=${"x".repeat(4 * 1024 * 1024)}`;
  const { request } = form(url, { headers: { "x-twilio-signature": sign("other", url) } }, large);
  const start = process.cpuUsage();
  expect(diagnose(request, [url], [token])).toMatchObject([{ data: { fault: "unknown" } }]);
  expect(cpuSince(start)).toBeLessThan(1000);
});

/** The JSON text indented, its numbers as they are. */
function pretty(text: string, indent: number | string): string {
  return JSON.stringify(JSON.parse(text), undefined, indent).replace("1.5,", "1.50,");
}

describe("what is no form as Twilio sends it", () => {
  test("a form without its content type", () => {
    const { request } = form(url);
    const { "content-type": _, ...headers } = request.headers;
    expect(changesOf(diagnose({ ...request, headers }, [url], [token]))).toEqual([["as-form", "not given"]]);
  });

  test("text that is no UTF-8, sent as something else, is not covered by a signature", () => {
    const { request } = form(url, {}, "CallSid=CA9&Name=Zoe");
    const headers = { ...request.headers, "content-type": "text/plain" };
    const body = Buffer.from("CallSid=CA9&Name=Zo\xeb%", "latin1");
    expect(diagnose({ ...request, headers, body }, [url], [token])).toMatchObject([
      { rule: "signature-body", data: { fault: "uncovered" } },
    ]);
  });

  test("a form of very many parameters is given up soon", () => {
    const many = Array.from({ length: 150 }, (_, index) => `p${index}=x`).join("&");
    const { request } = form(url, {}, `${many}&last=y `);
    const [cause] = diagnose({ ...request, body: Buffer.from(`${many}&last=z`) }, [url], [token]);
    expect(cause).toMatchObject({ data: { fault: "unknown" } });
  });

  test("a URL with user and password and something else", () => {
    const { request } = form(url);
    const given = url.replace("https://", "https://user:secret@").replace("/status", "/status/");
    expect(changesOf(diagnose(request, [given], [token]))).toEqual([["slash-removed"], ["credentials-dropped"]]);
  });

  test("what is no URL has no others near it", () => {
    const { request } = form(url);
    expect(diagnose(request, ["no URL"], [token])[0]).toMatchObject({ rule: "signature-mismatch" });
  });
});

test("JSON that was written with escapes on its way", () => {
  const text = '[{"name":"Zoë","path":"a/b","line":"1\\n2","letter":"\\u0007"}]';
  const escaped = text.replaceAll("/", "\\/").replace("ë", "\\u00eb");
  const { request, to } = json({}, text);
  const body = Buffer.from(escaped);
  expect(diagnose({ ...request, body }, [to], [token])).toMatchObject([
    { rule: "signature-body", data: { fault: "rewritten", as: ["compact", "unescaped"] } },
  ]);
});
