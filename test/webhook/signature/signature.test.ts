import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readForm } from "../../../src/webhook/form.ts";
import {
  checkSignature,
  hashOf,
  type SignatureVerdict,
  type SignedRequest,
  sign,
  signedUrlFor,
  signRequest,
} from "../../../src/webhook/signature/signature.ts";

const token = "12345";
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };

/** A request with the header, by default a form. */
function request(signature: string | undefined, body: string | Buffer, headers: Record<string, string> = form) {
  const signed = signature === undefined ? headers : { ...headers, "x-twilio-signature": signature };
  return { method: "POST", headers: signed, body: Buffer.from(body as string) } satisfies SignedRequest;
}

const stateOf = (verdict: SignatureVerdict): string =>
  "reason" in verdict ? `${verdict.state}: ${verdict.reason}` : verdict.state;

/** The examples of twilio-node's own tests and of twilio.com/docs/usage/security, all with the token 12345. */
const call = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
const documented = call.replaceAll("309", "310");
const addresses = ["%2B1325xxxxxxx", "%2B1415xxxxxxx"].map((each) => `MessagingBinding.Address=${each}`);
const digits = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
const path = "mycompany.com/myapp.php?foo=1&bar=2";
const hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const value = '{"property": "value", "boolean": true}';
const emptyHash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

const forms: readonly (readonly [url: string, body: string, signature: string, changes: readonly string[]])[] = [
  [`https://${path}`, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", []],
  [`https://mycompany.com:1234/myapp.php?foo=1&bar=2`, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ["port removed"]],
  [`https://mycompany.com:443/myapp.php?foo=1&bar=2`, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", []],
  [`https://${path}`, call, "kvajT1Ptam85bY51eRf/AJRuM3w=", ["port added"]],
  ["http://mycompany.com:1234/myapp.php?foo=1&bar=2", call, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", []],
  ["http://mycompany.com:80/myapp.php?foo=1&bar=2", call, "0ZXoZLH/DfblKGATFgpif+LLRf4=", []],
  [`http://${path}`, call, "0ZXoZLH/DfblKGATFgpif+LLRf4=", ["port added"]],
  [`https://user:pass@${path}`, call, "CukzLTc1tT5dXEDIHm/tKBanW10=", []],
  [`https://user@${path}`, call, "2YRLlVAflCqxaNicjMpJcSTgzSs=", []],
  ["https://user:pass@mycompany.com:443/myapp.php?foo=1&bar=2", call, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", []],
  [`https://user:pass@${path}`, call, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", ["port added"]],
  [`https://user:pass@${path}`, call, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", ["credentials dropped"]],
  [`https://${path}&Body=It's+amazing`, call, "TfZzewPq8wqrGlMfyAud8+/IvJ0=", ["normalized"]],
  [`https://${path}`, addresses.join("&"), "83O6e2vORAoJHUNzJjDWN1jz+BA=", []],
  [`https://${path}`, addresses.toReversed().join("&"), "83O6e2vORAoJHUNzJjDWN1jz+BA=", []],
  [`https://${path}`, digits, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", []],
  ["https://example.com/myapp.php?foo=1&bar=2", documented, "L/OH5YylLD5NRKLltdqwSvS0BnU=", []],
];

const bodies: readonly (readonly [url: string, body: string, signature: string, changes: readonly string[]])[] = [
  [`https://${path}&bodySHA256=${hash}`, value, "a9nBmqA0ju/hNViExpshrM61xv4=", []],
  [`https://${path}&bodySHA256=${emptyHash}`, "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc=", ["port added"]],
  [`https://mycompany.com/myapp.php?bodySHA256=${hash}`, value, "y77kIzt2vzLz71DgmJGsen2scGs=", []],
];

describe("the published examples hold", () => {
  test.each(forms)("a form at %s: %s", (url, body, signature, changes) => {
    expect(checkSignature(request(signature, body), [url], [token])).toMatchObject({
      state: "ok",
      url,
      changes,
      token: "primary",
      covers: "form",
    });
  });

  test.each(bodies)("JSON at %s: %s", (url, body, signature, changes) => {
    const verdict = checkSignature(request(signature, body, json), [url], [token]);
    expect(verdict).toMatchObject({ state: "ok", changes, covers: "hash" });
  });

  test.each(forms)("and with one thing changed they do not: %s, %s", (url, body, signature) => {
    const verdicts = [
      checkSignature(request("WRONG_SIGNATURE", body), [url], [token]),
      checkSignature(request(signature, `${body}&Extra=1`), [url], [token]),
      checkSignature(request(signature, body.replace("1", "2")), [url], [token]),
      checkSignature(request(signature, body), [url.replace("foo=1", "foo=2")], [token]),
      checkSignature(request(signature, body), [url], ["54321"]),
      checkSignature(request(signature.toLowerCase(), body), [url], [token]),
    ];
    expect(new Set(verdicts.map(stateOf))).toEqual(new Set(["bad: signature"]));
    expect(checkSignature(request(undefined, body), [url], [token])).toEqual({ state: "missing" });
    expect(checkSignature(request("", body), [url], [token])).toEqual({ state: "missing" });
  });

  test.each(bodies)("nor JSON: %s, %s", (url, body, signature) => {
    const check = (at: string, text: string): string =>
      stateOf(checkSignature(request(signature, text, json), [at], [token]));
    expect(check(url, `${body} `)).toBe("bad: body");
    expect(check(url.slice(0, -1), body)).toBe("bad: signature");
    expect(check(url.replace(/[?&]bodySHA256=\w+/, ""), body)).toBe("unverifiable: no hash");
  });

  test("the hash of the documentation", () => {
    expect(hashOf(Buffer.from('{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}'))).toBe(
      "5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9",
    );
  });
});

describe("what is never ok", () => {
  const url = "https://example.com/events";
  const body = '[{"specversion":"1.0"}]';

  /** Signed rightly, whatever the URL says of the body. */
  const check = (at: string, text: string | Buffer, headers: Record<string, string>, method = "POST"): string =>
    stateOf(checkSignature({ ...request(sign(token, at), text, headers), method }, [at], [token]));

  test("JSON whose URL has no hash, or two, or one in capitals, or as part of another name", () => {
    const hashed = `${url}?bodySHA256=${hashOf(Buffer.from(body))}`;
    expect(check(hashed, body, json)).toBe("ok");
    expect(check(url, body, json)).toBe("unverifiable: no hash");
    expect(check(`${url}#bodySHA256=${hashOf(Buffer.from(body))}`, body, json)).toBe("unverifiable: no hash");
    expect(check(hashed.replace("?", "&"), body, json)).toBe("unverifiable: no hash");
    expect(check(hashed.replace("?body", "?xbody"), body, json)).toBe("unverifiable: no hash");
    expect(check(`${hashed}&bodySHA256=${hash}`, body, json)).toBe("unverifiable: several hashes");
    expect(check(`${hashed}&body%53HA256=${hash}`, body, json)).toBe("unverifiable: several hashes");
    expect(
      check(
        hashed.replace(/\w+$/, (hex) => hex.toUpperCase()),
        body,
        json,
      ),
    ).toBe("bad: body");
    expect(check(`${url}?bodySHA256=`, body, json)).toBe("bad: body");
    expect(check(`${url}?bodySHA256`, "", json)).toBe("bad: body");
  });

  test("JSON without a content type, or with an unknown one", () => {
    expect(check(url, body, {})).toBe("unverifiable: no hash");
    expect(check(url, call, { "content-type": "text/plain" })).toBe("unverifiable: no hash");
  });

  test("a form whose bytes are not UTF-8: with U+FFFD two of them would have one signature", () => {
    for (const text of ["a=%FF", "a=%C3", "%ED%A0%80=1", Buffer.from("a=\xe9", "latin1")]) {
      const replaced = new URLSearchParams(text.toString());
      const signed = sign(token, url, new Map([...replaced].map(([name, value]) => [name, [value]])));
      expect(stateOf(checkSignature(request(signed, text), [url], [token]))).toBe("bad: signature");
    }
  });

  test("an empty form under the signature of a JSON delivery", () => {
    const hashed = signedUrlFor(url, Buffer.from(body));
    const signature = sign(token, hashed);
    expect(stateOf(checkSignature(request(signature, body, json), [hashed], [token]))).toBe("ok");
    expect(stateOf(checkSignature(request(signature, "", form), [hashed], [token]))).toBe("bad: body");
    expect(stateOf(checkSignature(request(signature, "a=1", form), [hashed], [token]))).toBe("bad: body");
  });

  test("a form whose URL has a hash is checked against it, signed with its parameters or without", () => {
    const hashed = signedUrlFor(url, Buffer.from(call));
    for (const parameters of [readForm(Buffer.from(call)), undefined]) {
      const signature = sign(token, hashed, parameters);
      expect(checkSignature(request(signature, call), [hashed], [token])).toMatchObject({
        state: "ok",
        covers: "hash",
      });
      expect(stateOf(checkSignature(request(signature, `${call}&`), [hashed], [token]))).toBe("bad: body");
    }
  });

  test("a GET that carries a body which its URL has no hash of", () => {
    expect(check(`${url}?CallSid=CA1`, "", {}, "GET")).toBe("ok");
    expect(check(`${url}?CallSid=CA1`, "", form, "head")).toBe("ok");
    for (const method of ["POST", "GETS", "FORGET"]) expect(check(url, "", {}, method)).toBe("unverifiable: no hash");
    expect(check(`${url}?CallSid=CA1`, "{}", json, "GET")).toBe("unverifiable: no hash");
    expect(check(`${url}?CallSid=CA1`, "a=1", form, "GET")).toBe("bad: signature");
  });

  test("what of a request is covered, is told", () => {
    const signed = { ...request(sign(token, url), "", {}), method: "GET" };
    expect(checkSignature(signed, [url], [token])).toMatchObject({ state: "ok", covers: "url" });
  });

  test("the query of a GET as parameters once more (twilio-node 1068)", () => {
    const at = `${url}?CallSid=CA1`;
    const signed = sign(token, at, new Map([["CallSid", ["CA1"]]]));
    expect(stateOf(checkSignature({ ...request(signed, ""), method: "GET" }, [at], [token]))).toBe("bad: signature");
  });

  test("an empty token, however the request is signed", () => {
    const signed = request(sign("", url, readForm(Buffer.from(call))), call);
    expect(stateOf(checkSignature(signed, [url], [""]))).toBe("bad: signature");
    expect(stateOf(checkSignature(signed, [url], ["", token]))).toBe("bad: signature");
    expect(stateOf(checkSignature(signed, [url], []))).toBe("none");
  });

  test("a request to no URL that is known", () => {
    const signed = request(sign(token, "", readForm(Buffer.from(call))), call);
    expect(stateOf(checkSignature(signed, [], [token]))).toBe("unverifiable: no URL");
  });

  test("a header that came twice, or with anything around it", () => {
    const signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    for (const given of [`${signature}, ${signature}`, ` ${signature}`, `${signature}=`, signature.slice(0, -1)]) {
      expect(stateOf(checkSignature(request(given, call), [`https://${path}`], [token]))).toBe("bad: signature");
    }
    // The same 20 bytes in another spelling of base64.
    expect(stateOf(checkSignature(request(signature.replace("8=", "9="), call), [`https://${path}`], [token]))).toBe(
      "bad: signature",
    );
  });

  test.each([
    ["http", "https"],
    ["mycompany.com", "mycompany.org"],
    ["mycompany.com", "www.mycompany.com"],
    ["/myapp.php", "/myapp.php/"],
    ["/myapp.php", "/Myapp.php"],
    ["?foo=1&bar=2", ""],
    ["?foo=1&bar=2", "?bar=2&foo=1"],
    ["https://mycompany.com/", "https://mycompany.com:8443/"],
  ])("another URL: %s for %s", (from, to) => {
    const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const signature = sign(token, url.replace(from, to), readForm(Buffer.from(call)));
    expect(url).toContain(from);
    expect(stateOf(checkSignature(request(signature, call), [url], [token]))).toBe("bad: signature");
  });
});

describe("forms of the URL", () => {
  const holds = (signed: string, given: string): readonly string[] | undefined => {
    const verdict = checkSignature(request(sign(token, signed, readForm(Buffer.from(call))), call), [given], [token]);
    return verdict.state === "ok" ? verdict.changes : undefined;
  };

  test.each([
    ["https://Example.COM/a", "https://Example.COM/a", []],
    ["https://example.com/a", "https://Example.COM/a", ["normalized"]],
    ["https://example.com/", "https://example.com", ["normalized"]],
    ["https://example.com/a", "https://example.com:443/a", ["port removed"]],
    ["https://example.com/a", "https://example.com/a#rc=3&rp=all", []],
    ["https://example.com/a?b=%20c", "https://example.com/a?b= c", ["normalized"]],
    ["https://example.com/a?b=c%2Cd", "https://example.com/a?b=c,d", ["query re-encoded"]],
    ["https://example.com:443/a?b=c%2Cd", "https://example.com/a?b=c,d", ["query re-encoded", "port added"]],
    ["https://[::1]:443/a", "https://[::1]/a", ["port added"]],
    ["wss://example.com/media/", "wss://example.com/media", ["slash appended"]],
    ["wss://example.com:443/media/", "wss://example.com/media", ["port added", "slash appended"]],
    ["https://example.com/media/", "https://example.com/media", undefined],
    ["not a URL", "not a URL", []],
  ])("%s signed, %s given", (signed, given, changes) => {
    expect(holds(signed, given)).toEqual(changes);
  });

  test("the token that held is named", () => {
    const signed = request(sign("second", "https://example.com/", readForm(Buffer.from(call))), call);
    const verdict = checkSignature(signed, ["https://example.com/"], [token, "second"]);
    expect(verdict).toMatchObject({ state: "ok", token: "secondary" });
  });

  test("of several URLs one is enough; else the failure that says most is told, of equal ones the first", () => {
    const url = signedUrlFor("https://example.com/", Buffer.from("{}"));
    const other = signedUrlFor("https://example.com/other", Buffer.from("{ }"));
    const [bare, twice] = ["https://example.com/", `${url}&bodySHA256=${hash}`];
    const check = (body: string, ...urls: readonly string[]): string =>
      stateOf(checkSignature(request(sign(token, url), body, json), urls, [token]));
    expect(check("{}", other, bare, twice, url)).toBe("ok");
    expect(check("{ }", url, other, bare)).toBe("bad: body");
    expect(check("{ }", bare, other, url)).toBe("bad: body");
    expect(check("{ }", other, bare)).toBe("bad: signature");
    expect(check("{ }", twice, other)).toBe("bad: signature");
    expect(check("{ }", bare, twice)).toBe("unverifiable: no hash");
    expect(check("{ }", twice, bare)).toBe("unverifiable: several hashes");
  });
});

describe("signing", () => {
  const url = "https://user:pass@example.com/a?b=1#rc=3";

  test("what is signed here holds there", () => {
    const requests: readonly SignedRequest[] = [
      { method: "POST", headers: form, body: Buffer.from(call) },
      { method: "POST", headers: json, body: Buffer.from([0x5b, 0xff, 0x5d]) },
      { method: "POST", headers: form, body: Buffer.from("a=%FF") },
      { method: "POST", headers: {}, body: Buffer.alloc(0) },
      { method: "GET", headers: {}, body: Buffer.alloc(0) },
    ];
    for (const each of requests) {
      const made = signRequest(token, url, each);
      const signed = { ...each, headers: { ...each.headers, "x-twilio-signature": made.signature } };
      expect(stateOf(checkSignature(signed, [made.url], [token]))).toBe("ok");
    }
  });

  test("a form and a GET are signed by their URL, without fragment and credentials, and get no hash", () => {
    const signed = "https://example.com/a?b=1";
    const posted = signRequest(token, url, request(undefined, call));
    const parameters = readForm(Buffer.from(call));
    expect(posted).toEqual({ url: "https://user:pass@example.com/a?b=1", signature: sign(token, signed, parameters) });
    for (const headers of [{}, form]) {
      const got = signRequest(token, url, { ...request(undefined, "", headers), method: "GET" });
      expect(got).toEqual({ url: "https://user:pass@example.com/a?b=1", signature: sign(token, signed) });
    }
  });

  test("what has no host is signed as it stands", () => {
    const got = signRequest(token, "/a?b=1#c\nd", { method: "GET", headers: {}, body: Buffer.alloc(0) });
    expect(got).toEqual({ url: "/a?b=1", signature: sign(token, "/a?b=1") });
  });

  test("all else is signed by a URL that carries its hash, without the credentials", () => {
    const { url: to, signature } = signRequest(token, url, request(undefined, value, json));
    expect(to).toBe(`https://user:pass@example.com/a?b=1&bodySHA256=${hash}`);
    expect(signature).toBe(sign(token, `https://example.com/a?b=1&bodySHA256=${hash}`));
  });

  test("the URL of a JSON delivery", () => {
    expect(signedUrlFor("https://example.com/a#b", Buffer.from(value))).toBe(
      `https://example.com/a?bodySHA256=${hash}`,
    );
    expect(signedUrlFor("https://example.com/?", Buffer.from(value))).toBe(`https://example.com/?bodySHA256=${hash}`);
    expect(signedUrlFor(`https://example.com/?a=1&bodySHA256=old&b=2`, Buffer.from(value))).toBe(
      `https://example.com/?a=1&b=2&bodySHA256=${hash}`,
    );
  });
});

/** The algorithm once more, written from the documentation: name and value of each parameter, sorted by name. */
function documentedSignature(key: string, url: string, pairs: readonly (readonly [string, string])[]): string {
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  distinct.sort(([a, b], [c, d]) => order(a, c) || order(b, d));
  const hmac = createHmac("sha1", Buffer.from(key, "utf8"));
  hmac.update(Buffer.from(url, "utf8"));
  for (const [name, text] of distinct) hmac.update(Buffer.from(name, "utf8")).update(Buffer.from(text, "utf8"));
  return hmac.digest().toString("base64");
}

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const pairs = fc.array(fc.tuple(fc.oneof(fc.constantFrom("Digits", "digits", "CallSid", "From"), text), text), {
  maxLength: 8,
});
const urls = fc.webUrl({ withQueryParameters: true, validSchemes: ["http", "https"] });
const keys = fc.string({ minLength: 1, maxLength: 40 });

describe("properties", { timeout: 60_000 }, () => {
  test("10,000 random requests are signed as the documentation says, and hold", () => {
    fc.assert(
      fc.property(keys, urls, pairs, fc.uint8Array({ maxLength: 64 }), (key, url, parameters, bytes) => {
        const encoded = new URLSearchParams(
          parameters.map(([name, each]): [string, string] => [name, each]),
        ).toString();
        const signature = documentedSignature(key, url, parameters);
        expect(sign(key, url, readForm(Buffer.from(encoded)))).toBe(signature);
        expect(stateOf(checkSignature(request(signature, encoded), [url], [key]))).toBe("ok");
        const body = Buffer.from(bytes);
        const digest = createHash("sha256").update(body).digest("hex");
        const hashed = `${url}${url.includes("?") ? (url.indexOf("?") === url.length - 1 ? "" : "&") : "?"}bodySHA256=${digest}`;
        const verdict = checkSignature(request(documentedSignature(key, hashed, []), body, json), [hashed], [key]);
        expect(stateOf(verdict)).toBe("ok");
      }),
      { numRuns: 10_000 },
    );
  });

  test("a change of any one byte of URL, body or parameter is told", () => {
    const url = "https://example.com/voice/status?tenant=7";
    const hashed = signedUrlFor(url, Buffer.from(value));
    const parts = [
      {
        at: Buffer.from(url),
        body: Buffer.from(call),
        headers: form,
        signature: sign(token, url, readForm(Buffer.from(call))),
      },
      { at: Buffer.from(hashed), body: Buffer.from(value), headers: json, signature: sign(token, hashed) },
    ];
    for (const { at, body, headers, signature } of parts) {
      const check = (where: Buffer, what: Buffer): string =>
        stateOf(checkSignature(request(signature, what, headers), [where.toString("latin1")], [token]));
      expect(check(at, body)).toBe("ok");
      for (let index = 0; index < at.length; index++) expect(check(flipped(at, index), body)).not.toBe("ok");
      for (let index = 0; index < body.length; index++) expect(check(at, flipped(body, index))).not.toBe("ok");
    }
  });

  test("10,000 random headers, bodies and URLs: never ok, never an exception", () => {
    const header = fc.oneof(
      fc.string({ unit: "binary", minLength: 1 }),
      fc.base64String({ minLength: 20, maxLength: 40 }),
      fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    );
    const any = fc.oneof(
      urls,
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "https://", "http://[", "//a@@b:c:d", "https://a?%"),
    );
    const types = fc.constantFrom<Record<string, string>>(form, json, {});
    fc.assert(
      fc.property(
        header,
        fc.array(any, { maxLength: 3 }),
        fc.uint8Array(),
        types,
        fc.constantFrom("POST", "GET", ""),
        (given, at, body, type, method) => {
          const verdict = checkSignature({ ...request(given, Buffer.from(body), type), method }, at, [token, ""]);
          expect(["bad", "unverifiable", "missing"]).toContain(verdict.state);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

/** The same bytes but for one bit of one, so that letters stay letters, and digits no blanks. */
function flipped(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 0x01;
  return copy;
}
