import { readTokens } from "../../cli/auth-tokens.ts";
import { UsageError } from "../../errors.ts";
import type { Finding } from "../../findings/finding.ts";
import type { Io } from "../../io.ts";
import { diagnose, toFinding } from "../../webhook/signature/diagnose/diagnose.ts";
import { checkSignature } from "../../webhook/signature/signature.ts";
import { candidateUrls } from "../../webhook/signature/url-forms.ts";
import type { RecordedRequest, SignatureState, WebhookRequest } from "../../webhook/webhook-request.ts";

interface SignatureOptions {
  readonly publicUrl?: URL | undefined;
  readonly authTokenFile?: string | undefined;
  readonly requireSignature?: true | undefined;
}

/** The listener's view of signatures. */
export interface SignatureCheck {
  /** Whether there is a token to check with. */
  readonly isChecked: boolean;
  stateOf(request: WebhookRequest): SignatureState;
  /** What is wrong with the signature of what came, and why. */
  findings(request: RecordedRequest): readonly Finding[];
  /** How many requests have come whose signature was missing or did not hold. */
  failures(): number;
}

/** To find a cause takes milliseconds: of a flood of bad signatures only so many a second are looked into. */
const MAX_DIAGNOSES_PER_SECOND = 5;

/** Checks signatures with the token that the user has; without one nothing is checked. */
export async function createSignatureCheck(io: Io, options: SignatureOptions): Promise<SignatureCheck> {
  const { publicUrl, authTokenFile, requireSignature } = options;
  const tokens = await readTokens(io, authTokenFile);
  if (requireSignature === true && tokens.length === 0) {
    throw new UsageError("--require-signature needs the auth token: set TWILIO_AUTH_TOKEN, or give --auth-token-file");
  }
  let failures = 0;
  let second = 0;
  let diagnosed = 0;

  const urlsOf = ({ url, headers }: WebhookRequest): readonly string[] => candidateUrls(publicUrl?.href, url, headers);

  return {
    isChecked: tokens.length > 0,
    stateOf(request) {
      const { state } = checkSignature(request, urlsOf(request), tokens);
      if (state !== "ok" && state !== "none") failures++;
      return state;
    },
    findings(request) {
      if (request.signature === "ok" || request.signature === "none") return [];
      const now = Math.floor(request.receivedAt / 1000);
      if (now !== second) diagnosed = 0;
      second = now;
      if (diagnosed++ >= MAX_DIAGNOSES_PER_SECOND) return [];
      return diagnose(request, urlsOf(request), tokens).map(toFinding);
    },
    failures: () => failures,
  };
}
