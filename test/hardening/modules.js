// The seven modules that untrusted bytes pass, and the tests that must know every branch of them.

/** Each module: its sources, and the files whose tests are about it, quick enough to run for each mutant. */
export const modules = {
  escape: { sources: ["src/output/escape.ts"], tests: ["test/output/escape.test.ts"] },
  body: { sources: ["src/twiml/decode/decode-body.ts"], tests: ["test/twiml/decode/decode-body.test.ts"] },
  records: {
    sources: ["src/input/line-reader.ts"],
    tests: [
      "test/input/line-reader.test.ts",
      "test/input/long-lines.test.ts",
      "test/input/wide-encoding.test.ts",
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
    sources: ["src/redact/*.ts", "src/findings/redact-finding.ts"],
    tests: ["test/redact/", "test/findings/redact-finding"],
  },
};
