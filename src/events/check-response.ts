import type { Finding } from "../findings/finding.ts";
import type { TwilioEvent } from "./event.ts";
import { eventFinding } from "./rules.ts";

/**
 * Reports response-failed (400 and above) and response-slow, from what Twilio recorded of the answer. Where the request
 * went to Twilio's own API the answer is Twilio's, and its speed is not the customer's to mend.
 */
export function checkResponse(event: TwilioEvent, slowMs: number, findings: Finding[]): void {
  const { response } = event;
  if (response === undefined) return;
  const { code, durationMs } = response;
  if (code !== undefined && code >= 400) {
    const by = isApiRequest(event) ? "twilio" : "server";
    findings.push(
      eventFinding("response-failed", { code, by }, { pointer: pointerTo(event, "code"), value: String(code) }),
    );
  }
  if (durationMs !== undefined && durationMs > slowMs && !isApiRequest(event)) {
    const place = { pointer: pointerTo(event, "duration"), value: String(durationMs) };
    findings.push(eventFinding("response-slow", { durationMs, slowMs }, place));
  }
}

function isApiRequest({ type, request }: TwilioEvent): boolean {
  return (
    type?.startsWith("com.twilio.voice.api-request.") || request?.url?.startsWith("https://api.twilio.com/") || false
  );
}

function pointerTo({ kind }: TwilioEvent, field: "code" | "duration"): string {
  if (kind === "event") return field === "code" ? "/data/response/responseCode" : "/data/response/requestDuration";
  return field === "code" ? "/response/response_code" : "/response/request_duration";
}
