interface Module {
  readonly sources: readonly string[];
  /** The tests of the module, which are quick enough to run for each mutant. A folder ends with a slash. */
  readonly tests: readonly string[];
}

/** The modules that read untrusted bytes. Their tests take every branch. */
export const modules: Readonly<Record<string, Module>> = {
  escape: { sources: ["src/output/escape.ts"], tests: ["test/output/escape.test.ts"] },
  body: { sources: ["src/twiml/body.ts"], tests: ["test/twiml/body.test.ts"] },
  records: {
    sources: ["src/input/records.ts"],
    tests: [
      "test/input/records.test.ts",
      "test/input/long-lines.test.ts",
      "test/input/encoding.test.ts",
      "test/input/sieve.test.ts",
    ],
  },
  find: { sources: ["src/input/find.ts"], tests: ["test/input/find.test.ts", "test/input/unpacked.test.ts"] },
  signature: { sources: ["src/webhook/signature.ts"], tests: ["test/webhook/signature.test.ts"] },
  journal: { sources: ["src/webhook/journal.ts"], tests: ["test/webhook/journal.test.ts"] },
  redact: { sources: ["src/redact/*.ts"], tests: ["test/redact/"] },
};
