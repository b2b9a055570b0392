import type { CommandEntry } from "./context.ts";

/** Every command, in the order of the help. Add a command here: a file beside this one, loaded only when it is used. */
export const commands: readonly CommandEntry[] = [
  {
    name: "validate",
    summary: "judge every event: envelope, schema, lifecycle of its type, response",
    load: async () => (await import("../features/validate/command.ts")).validateCommand,
    job: async () => (await import("../features/validate/job.ts")).createValidateJob,
  },
  {
    name: "decode",
    summary: "what your server answered: response bodies decoded, indented, judged",
    load: async () => (await import("../features/decode/command.ts")).decodeCommand,
  },
  {
    name: "timeline",
    summary: "put calls together: phases, callbacks, legs, and what went wrong",
    load: async () => (await import("../features/timeline/command.ts")).timelineCommand,
    job: async () => (await import("../features/timeline/job.ts")).createTimelineJob,
  },
  {
    name: "extract",
    summary: "the events alone, as found, one per line, for jq and every other tool",
    load: async () => (await import("../features/extract/command.ts")).extractCommand,
    job: async () => (await import("../features/extract/job.ts")).createExtractJob,
  },
  {
    name: "listen",
    summary: "take webhooks on a local port: verify, record durably, show, forward",
    load: async () => (await import("../features/listen/command.ts")).listenCommand,
  },
  {
    name: "replay",
    summary: "deliver recorded events again, signed: in their gaps, faster, shuffled, twice",
    load: async () => (await import("../features/replay/command.ts")).replayCommand,
  },
  {
    name: "verify",
    summary: "check X-Twilio-Signature, and where it does not hold say why",
    load: async () => (await import("../features/verify/command.ts")).verifyCommand,
  },
  {
    name: "redact",
    summary: "the same events with people's data replaced by stable pseudonyms",
    load: async () => (await import("../features/redact/command.ts")).redactCommand,
  },
  {
    name: "types",
    summary: "the catalogue of event types: status, replacement, sinks, schema",
    load: async () => (await import("../features/types/command.ts")).typesCommand,
  },
  {
    name: "schema",
    summary: "the bundled JSON Schemas, and what changed between two versions",
    load: async () => (await import("../features/schema/command.ts")).schemaCommand,
  },
  {
    name: "sample",
    summary: "realistic events of whole calls, the same for the same seed",
    load: async () => (await import("../features/sample/command.ts")).sampleCommand,
  },
  {
    name: "migrate",
    summary: "deprecated types rewritten in any text, and subscriptions moved",
    load: async () => (await import("../features/migrate/command.ts")).migrateCommand,
  },
  {
    name: "report",
    summary: "one HTML file of a set of calls: what went wrong, where and when, and every call",
    load: async () => (await import("../features/report/command.ts")).reportCommand,
  },
  {
    name: "explain",
    summary: "what a rule, event type, status, code or TwiML element means, and what to do",
    load: async () => (await import("../features/explain/command.ts")).explainCommand,
  },
  {
    name: "completion",
    summary: "what your shell needs to complete all this: bash, zsh, fish",
    load: async () => (await import("../features/completion/command.ts")).completionCommand,
  },
];
