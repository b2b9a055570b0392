import { crc32 } from "node:zlib";
import type { Delivery } from "./delivery.ts";

interface Form {
  /** One line for the help. */
  readonly says: string;
  /** How many events stand together at the most. */
  readonly size: number;
  /** The text of so many events; `first` counts those before them. It ends with a newline. */
  readonly write: (deliveries: readonly Delivery[], first: number) => string;
}

/** What events may be wrapped in. Add a form here: `extract` must find the same events in it again. */
export const forms = {
  event: { says: "indented JSON, one event after the other", size: 1, write: each(indented) },
  batch: { says: "bodies of webhooks: an array of events on each line", size: 10, write: batch },
  ndjson: { says: "one event a line", size: 1, write: each(({ event }) => JSON.stringify(event)) },
  kinesis: { says: "what aws kinesis get-records prints", size: 100, write: kinesis },
  lambda: { says: "what a Lambda function gets from Kinesis, one invocation a line", size: 100, write: lambda },
  cloudwatch: { says: "what a Lambda function gets from CloudWatch Logs", size: 25, write: cloudwatch },
  docker: { says: "a container's log as docker keeps it (json-file)", size: 1, write: each(docker) },
  cri: { says: "a container's log as Kubernetes keeps it", size: 1, write: each(cri) },
} as const satisfies Record<string, Form>;

export type FormName = keyof typeof forms;

function each(line: (delivery: Delivery) => string): Form["write"] {
  return (deliveries) => deliveries.map((delivery) => `${line(delivery)}\n`).join("");
}

function indented({ event }: Delivery): string {
  return JSON.stringify(event, null, 2);
}

function batch(deliveries: readonly Delivery[]): string {
  return `${JSON.stringify(deliveries.map(({ event }) => event))}\n`;
}

/** docs.aws.amazon.com/cli/latest/reference/kinesis/get-records.html */
function kinesis(deliveries: readonly Delivery[], first: number): string {
  const records = deliveries.map(({ event, arrival }, index) => ({
    SequenceNumber: recordNumber(first + index),
    ApproximateArrivalTimestamp: new Date(arrival).toISOString().replace("Z", "000+00:00"),
    Data: base64(JSON.stringify(event)),
    PartitionKey: event.data.sid,
  }));
  return `${JSON.stringify({ Records: records, NextShardIterator: recordNumber(first), MillisBehindLatest: 0 }, null, 4)}\n`;
}

/** docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
function lambda(deliveries: readonly Delivery[], first: number): string {
  const records = deliveries.map(({ event, arrival }, index) => ({
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: event.data.sid,
      sequenceNumber: recordNumber(first + index),
      data: base64(JSON.stringify(event)),
      approximateArrivalTimestamp: arrival / 1000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000000:${recordNumber(first + index)}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/twilio-events",
    awsRegion: "us-east-1",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/twilio-events",
  }));
  return `${JSON.stringify({ Records: records })}\n`;
}

/** docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
function cloudwatch(deliveries: readonly Delivery[], first: number): string {
  const logEvents = deliveries.map(({ event, arrival }, index) => ({
    id: recordNumber(first + index),
    timestamp: arrival,
    message: `${new Date(arrival).toISOString()}\tINFO\t${JSON.stringify(event)}\n`,
  }));
  const message = {
    messageType: "DATA_MESSAGE",
    owner: "123456789012",
    logGroup: "/aws/lambda/ivr",
    logStream: "2025/08/24/[$LATEST]0123456789abcdef0123456789abcdef",
    subscriptionFilters: ["twilio-events"],
    logEvents,
  };
  return `${JSON.stringify({ awslogs: { data: storedGzip(JSON.stringify(message)).toString("base64") } })}\n`;
}

/** docs.docker.com/engine/logging/drivers/json-file */
function docker({ event, arrival }: Delivery): string {
  return JSON.stringify({ log: `${JSON.stringify(event)}\n`, stream: "stdout", time: inNanoseconds(arrival) });
}

/** The log format of the Container Runtime Interface: time, stream, F for a whole line, the line. */
function cri({ event, arrival }: Delivery): string {
  return `${inNanoseconds(arrival)} stdout F ${JSON.stringify(event)}`;
}

function inNanoseconds(at: number): string {
  return new Date(at).toISOString().replace("Z", "000000Z");
}

function recordNumber(index: number): string {
  return `4959${String(index).padStart(52, "0")}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The longest block that DEFLATE stores: its length has two bytes (RFC 1951, section 3.2.4). */
const STORED_BLOCK = 65_535;

/** gzip (RFC 1952) that stores and compresses nothing: zlib's bytes differ between machines, these do not. */
function storedGzip(text: string): Buffer {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let start = 0; start < bytes.length; start += STORED_BLOCK) {
    const block = bytes.subarray(start, start + STORED_BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(start + STORED_BLOCK >= bytes.length ? 1 : 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(0xffff - block.length, 3);
    parts.push(head, block);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(bytes));
  tail.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([...parts, tail]);
}
