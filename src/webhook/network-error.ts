/** Why there was no answer. */
export type NetworkError = "refused" | "timeout" | "reset" | "dns" | "unreachable" | "tls" | "protocol" | "stopped";

/** No answer, in data and in words that follow the name of the target. */
export interface NoResponse {
  readonly problem: NetworkError;
  readonly ms: number;
  readonly words: string;
}

/** Each problem in words, after the name of the target. */
const words = {
  refused: "refuses connections; is the app running there?",
  timeout: "did not answer in time",
  reset: "closed the connection without an answer",
  dns: "has no address; is the host spelled right?",
  unreachable: "cannot be reached",
  tls: "is not trusted as an https server; use its http URL, or give its certificate in NODE_EXTRA_CA_CERTS",
  protocol: "answered something that is not HTTP",
  stopped: "had not answered when the run was stopped",
} as const satisfies Record<NetworkError, string>;

const codes: Readonly<Record<string, NetworkError>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_NODATA: "dns",
};

/** OpenSSL's reasons for a certificate that it does not trust, and Node's names for its other complaints. */
const ofTls = /^(?:ERR_TLS|ERR_SSL|EPROTO$|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/;

/** The problem as it is reported. `detail` tells more of it, in brackets. */
export function noResponse(problem: NetworkError, ms: number, detail?: string): NoResponse {
  return { problem, ms, words: detail === undefined ? words[problem] : `${words[problem]} (${detail})` };
}

/** What an error of a connection means. */
export function toNoResponse(error: unknown, ms: number): NoResponse {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const problem = Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (problem !== undefined) return noResponse(problem, ms);
  if (code.startsWith("HPE_")) return noResponse("protocol", ms);
  return noResponse(ofTls.test(code) ? "tls" : "unreachable", ms, code === "" ? undefined : code);
}

/** Whether the request may have come to the target: no answer to it alone does not tell that the target is down. */
export function mayHaveArrived({ problem }: NoResponse): boolean {
  return problem === "timeout" || problem === "reset" || problem === "protocol";
}
