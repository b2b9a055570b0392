import { lookup as lookUpName } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { UsageError } from "../errors.ts";

/** An address of a host. */
export interface Address {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

/** Where requests are sent to. */
export interface Target {
  /** The URL without credentials and fragment: what the receiver takes for its own, and what is signed. */
  readonly url: URL;
  /** The URL for people, its credentials masked. */
  readonly shown: string;
  /** The value of the Authorization header, where the URL has credentials. */
  readonly authorization: string | undefined;
  /** The only addresses that may be connected to; undefined for a target that may be anywhere. */
  readonly addresses: readonly Address[] | undefined;
}

export interface TargetOptions {
  /** The option that named the target, and the one that lets it be on another machine. */
  readonly option: string;
  readonly unlock: string;
  /** Whether it may be on another machine. */
  readonly anywhere: boolean | undefined;
  /** All addresses of a name; those of the system unless given. */
  readonly lookup?: (host: string) => Promise<readonly Address[]>;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Addresses that name no place: systems differ in what a connection to them reaches (RFC 1122, 3.2.1.3). */
const nowhere: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/**
 * The target that a URL of the command line names. Every address of its host is one of this machine, and only they are
 * connected to later, unless it may be anywhere. UsageError with the way out for any other URL.
 */
export async function resolveTarget(text: string, options: TargetOptions): Promise<Target> {
  const { option, unlock, anywhere, lookup = systemLookup } = options;
  const named = `${option} ${mask(text)}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError(`${named}: give an http or https URL, as in http://127.0.0.1:3000/events`);
  }
  const host = hostOf(url);
  if (nowhere.has(host)) throw new UsageError(`${named}: ${host} is no place to send to; give 127.0.0.1`);
  const authorization = authorizationOf(url);
  url.hash = "";
  url.username = "";
  url.password = "";
  const shown = authorization === undefined ? url.href : url.href.replace("//", "//***@");
  if (anywhere) return { url, shown, authorization, addresses: undefined };

  const addresses = await addressesOf(host, lookup, named);
  const foreign = addresses.find((each) => !isLoopback(each));
  if (foreign !== undefined) {
    const where = foreign.address === host ? host : `${host} (${foreign.address})`;
    throw new UsageError(`${named}: ${where} is not this machine; to send it there, add ${unlock}`);
  }
  return { url, shown, authorization, addresses };
}

/** The URL's host without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1");

/** Whether the address is one of this machine alone: 127.0.0.0/8 or ::1 (RFC 6890), also as IPv6 writes the former. */
export function isLoopback({ address, family }: Address): boolean {
  return loopback.check(address, family === 6 ? "ipv6" : "ipv4");
}

const systemLookup = (host: string): Promise<readonly Address[]> => lookUpName(host, { all: true });

async function addressesOf(
  host: string,
  lookup: (host: string) => Promise<readonly Address[]>,
  named: string,
): Promise<readonly Address[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const addresses = await lookup(host).catch(() => []);
  if (addresses.length === 0) throw new UsageError(`${named}: ${host} has no address; is it spelled right?`);
  return addresses;
}

/** Basic authentication by what stands before the host (RFC 7617), as Twilio sends it. */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  return `Basic ${Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString("base64")}`;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What may be a URL, anything that may be its credentials masked. */
const mask = (text: string): string => text.replace(/^([^/?#]*\/\/)?[^/?#]*@/, "$1***@");
