interface Module {
  readonly sources: readonly string[];
  /** The tests of the module, which are quick enough to run for each mutant. A folder ends with a slash. */
  readonly tests: readonly string[];
}

/** The modules that read untrusted bytes. Their tests take every branch. */
export const modules: Readonly<Record<string, Module>> = {
  escape: { sources: ["src/output/escape.ts"], tests: ["test/output/escape.test.ts"] },
  body: { sources: ["src/twiml/decode/decode-body.ts"], tests: ["test/twiml/decode/decode-body.test.ts"] },
  records: {
    sources: ["src/input/line-reader.ts"],
    tests: [
      "test/input/line-reader.test.ts",
      "test/input/long-lines.test.ts",
      "test/input/charset.test.ts",
      "test/input/prefilter.test.ts",
    ],
  },
  find: {
    sources: ["src/input/find-events.ts"],
    tests: ["test/input/find-events.test.ts", "test/input/unpacked.test.ts"],
  },
  signature: { sources: ["src/webhook/signature/signature.ts"], tests: ["test/webhook/signature/signature.test.ts"] },
  journal: { sources: ["src/webhook/journal/journal.ts"], tests: ["test/webhook/journal/journal.test.ts"] },
  redact: {
    sources: ["src/redact/*.ts", "src/features/redact/redact-record.ts", "src/findings/redact-finding.ts"],
    tests: ["test/redact/", "test/features/redact/", "test/findings/redact-finding"],
  },
};
