import { connect, type Socket } from "node:net";

/** A connection to the port of this machine, with what came over it so far. */
export interface RawConnection {
  readonly socket: Socket;
  text(): string;
  /** Resolves with all that came once the other side has closed. */
  readonly closed: Promise<string>;
}

/** Connects and sends the text, as it is. */
export function sendRaw(port: number, text: string | Buffer): RawConnection {
  const socket = connect({ host: "127.0.0.1", port });
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(text);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  return { socket, text: () => received, closed };
}

/** The status of the answer to the request, sent as it is; undefined when the connection closed without one. */
export async function statusOf(port: number, text: string | Buffer): Promise<number | undefined> {
  const { socket, closed, text: received } = sendRaw(port, text);
  await new Promise<void>((resolve) => {
    socket.on("data", () => {
      if (/^HTTP\/1\.1 (?!100)\d{3}[\s\S]*\r\n\r\n/m.test(received())) resolve();
    });
    socket.once("close", () => resolve());
  });
  const answer = received().replace(/^HTTP\/1\.1 100[^\r]*\r\n\r\n/, "");
  socket.destroy();
  await closed;
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A POST of JSON with these lines more or instead of the usual ones, by their names. */
export function post(body: string, headers: Readonly<Record<string, string | undefined>> = {}, target = "/"): string {
  const all: Record<string, string | undefined> = {
    Host: "127.0.0.1",
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `POST ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}
